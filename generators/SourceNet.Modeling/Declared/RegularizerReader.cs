using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Regularizers;

namespace SourceNet.Modeling.Declared;

/// <summary>Reads the regularizers that are no layers, as the catalogue describes their attributes.</summary>
internal static class RegularizerReader
{
    /// <summary>What a class declares: regularizers of weights as defaults, the others for the model itself.</summary>
    /// <returns>Null if the attribute is another one.</returns>
    public static DeclaredRegularizer? OnClass(AttributeReader attribute) => RegularizerCatalogue.OfAttribute(attribute.Name) switch
    {
        WeightRegularizer weights => Read(attribute, weights.Kind, weights.Argument, Provenance.Default),
        TrainingTechnique { Setting: { } setting } technique => Read(attribute, technique.Kind, technique.Argument, Provenance.Explicit) with
        {
            IsSettingOn = attribute.Flag(setting.Property, otherwise: true),
        },
        ClassRegularizer model => Read(attribute, model.Kind, model.Argument, Provenance.Explicit),
        _ => null,
    };

    /// <summary>What a block declares about its weights.</summary>
    /// <returns>Null if the attribute is another one.</returns>
    public static DeclaredRegularizer? OnBlock(AttributeReader attribute) =>
        RegularizerCatalogue.OfAttribute(attribute.Name) is WeightRegularizer weights
            ? Read(attribute, weights.Kind, weights.Argument, Provenance.Explicit)
            : null;

    /// <summary>What a field or property declares about its parameters.</summary>
    /// <returns>Null if the attribute is another one.</returns>
    public static DeclaredRegularizer? OnPart(AttributeReader attribute) =>
        RegularizerCatalogue.OfAttribute(attribute.Name) is ParameterTreatment ? OnBlock(attribute) : null;

    private static DeclaredRegularizer Read(AttributeReader attribute, RegularizationKind kind, StrengthArgument argument, Provenance provenance)
    {
        var strength = argument is StrengthArgument.Number number ? Read(attribute, number) : Read(attribute, (StrengthArgument.Switch)argument);
        return new(kind, strength, provenance, attribute.Origin);
    }

    private static Strength Read(AttributeReader attribute, StrengthArgument.Number number)
    {
        var strength = new Strength(attribute.Rate(attribute.Positional(0), number.What, number.Range.Includes, number.Range.Words));
        return number.Also is { } also ? strength with { Also = new Strength(Read(attribute, also), also.Name) } : strength;
    }

    private static Rate Read(AttributeReader attribute, NamedNumber number)
    {
        if (!attribute.Says(number.Name))
        {
            return Rate.Of(number.Otherwise);
        }

        return number.IsWhole
            ? Rate.Of(attribute.NamedSize(number.Name, (long)number.Otherwise).Constant ?? number.Otherwise)
            : attribute.Rate(attribute.Named(number.Name), number.Name, number.Range.Includes, number.Range.Words);
    }

    private static Strength Read(AttributeReader attribute, StrengthArgument.Switch @switch)
    {
        if (attribute.Positional(0) is false)
        {
            return new Strength(Rate.Zero);
        }

        return @switch.Count is { } name && attribute.Says(name)
            ? new Strength(Rate.Of(attribute.NamedSize(name, 1, @switch.Least).Constant ?? 1), @switch.Setting)
            : new Strength(Rate.Of(1));
    }
}
