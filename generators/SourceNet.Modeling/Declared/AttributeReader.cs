using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Declared;

/// <summary>One attribute with the scope of its class: reads arguments that may be missing, mistyped or half-typed, and never throws.</summary>
internal sealed class AttributeReader(AttributeData data, Scope scope, Origin origin) : AttributeArguments
{
    public override string Name => NameOf(data.AttributeClass!);

    public AttributeData Data => data;

    public override Origin Origin => origin;

    public Scope Scope => scope;

    /// <summary>Whether the compiler could bind the attribute; if not, it has said so, and nothing here can be trusted.</summary>
    public bool IsBound => data.AttributeConstructor is { } constructor && constructor.Parameters.Length == data.ConstructorArguments.Length
        && NamedArgumentsAreKnown
        && !data.ConstructorArguments.Concat(data.NamedArguments.Select(pair => pair.Value)).Any(HasError);

    /// <summary>Of a misspelled one nothing is left but its text.</summary>
    private bool NamedArgumentsAreKnown => data.ApplicationSyntaxReference?.GetSyntax() is not AttributeSyntax { ArgumentList.Arguments: var arguments }
        || arguments.Count(argument => argument.NameEquals is not null) == data.NamedArguments.Length;

    public static string NameOf(INamedTypeSymbol attribute) =>
        attribute.Name.EndsWith("Attribute", StringComparison.Ordinal) ? attribute.Name.Substring(0, attribute.Name.Length - 9) : attribute.Name;

    /// <summary>Whether the attribute declares a layer.</summary>
    public static bool IsLayer(INamedTypeSymbol attribute)
    {
        for (var type = attribute.BaseType; type is not null; type = type.BaseType)
        {
            if (type.Name == "LayerAttribute" && Symbols.IsSourceNet(type))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The layer that the attribute declares; null if it is none, or could not be read (then a problem says why, or the compiler does).</summary>
    public Layer? ReadLayer(Provenance provenance)
    {
        if (LayerKinds.Read(this) is not { } layer)
        {
            return null;
        }

        layer = layer is WeightedLayer { Parts.Count: > 0 } weighted && Says("Names") ? weighted with { Names = NamesOf(weighted) } : layer;
        return layer with { Name = Text("Name"), Initialization = InitReader.OfLayer(this, layer), Origin = origin, Provenance = provenance };
    }

    /// <summary>What the layers are called that a layer is made of; empty, with a problem, if that cannot be.</summary>
    private EquatableArray<string> NamesOf(WeightedLayer layer)
    {
        var names = (Text("Names") ?? "").Split(',').Select(name => name.Trim()).ToList();
        if (names.Count != layer.Parts.Count)
        {
            var found = names is [""] ? "none" : string.Join(", ", names);
            Report(Problems.WrongValue($"Names of {Name}", $"{layer.Parts.Count} names, for {string.Join(", ", layer.Parts)}", found, origin));
            return [];
        }

        if (names.FirstOrDefault(name => !PartReader.IsStateName(name, mayBeEmpty: false)) is { } wrong)
        {
            Report(Problems.BadStateName(wrong, origin));
            return [];
        }

        return names.ToEquatableArray();
    }

    public override object? Positional(int index) => index < data.ConstructorArguments.Length ? ValueOf(data.ConstructorArguments[index]) : null;

    public override object? Named(string name) =>
        data.NamedArguments.FirstOrDefault(pair => pair.Key == name) is { Key: not null } found ? ValueOf(found.Value) : null;

    public override bool Says(string name) => data.NamedArguments.Any(pair => pair.Key == name);

    public override void Report(Problem problem) => scope.Problems.Add(problem);

    public override Dim Size(object? value, string what, long least = 1, OpenSizes open = OpenSizes.None) =>
        scope.Size(value, $"{what} of {Name}", least, origin, open);

    public override Rate Rate(object? value, string what, Func<double, bool> isInRange, string range) =>
        scope.Rate(value, $"{what} of {Name}", isInRange, range, origin);

    public override Layer? Stack() => StackReader.Read(this);

    protected override Dim Size(Expression expression, string text, string what, long least) =>
        scope.Size(expression, text, $"{what} of {Name}", least, origin);

    private static bool HasError(TypedConstant constant) =>
        constant.Kind == TypedConstantKind.Error || (constant.Kind == TypedConstantKind.Array && !constant.IsNull && constant.Values.Any(HasError));

    private static object? ValueOf(TypedConstant constant) => constant.Kind switch
    {
        TypedConstantKind.Error => null,
        TypedConstantKind.Array => constant.IsNull ? null : constant.Values.Select(ValueOf).ToArray(),
        _ => constant.Value,
    };
}
