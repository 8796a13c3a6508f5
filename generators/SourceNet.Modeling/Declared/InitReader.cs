using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Modeling.Declared;

/// <summary>Reads what weights start from: <c>[Init]</c> on a class or a block, and the property <c>Init</c> of a layer.</summary>
internal static class InitReader
{
    /// <summary>What the attribute says; null, with a problem, if it says nothing that can be done.</summary>
    public static Initialization? Read(AttributeReader attribute)
    {
        if (attribute.Choice<InitKind>(attribute.Positional(0), "The kind") is not { } kind
            || attribute.Choice<FanMode>(attribute.Named("Mode") ?? (int)FanMode.In, "Mode") is not { } mode)
        {
            return null;
        }

        var saysScale = attribute.Data.ConstructorArguments.Length > 1;
        var problem = saysScale && ScaleOf(kind) is ScaleUse.None ? LeftOut("The scale", "there is nothing that it could scale", "one")
            : !saysScale && ScaleOf(kind) is ScaleUse.Needed
                ? Problems.Missing($"Init({kind})", $"{NameOf(kind)}: [Init(InitKind.{kind}, 0.02)]", attribute.Origin)
            : attribute.Says("Mode") && kind is not (InitKind.KaimingNormal or InitKind.KaimingUniform)
                ? LeftOut("Mode", "only the Kaiming kinds have one", mode.ToString())
            : attribute.Says("Last") && ScaleOf(kind) is ScaleUse.None ? LeftOut("Last", "there is nothing that it could scale", "one")
            : null;
        if (problem is not null)
        {
            attribute.Report(problem);
            return null;
        }

        return new(
            kind,
            saysScale ? Scale(attribute.Positional(1), "The scale") : null,
            mode,
            attribute.Says("Last") ? Scale(attribute.Named("Last"), "Last") : null,
            attribute.Origin);

        Problem LeftOut(string what, string why, string found) =>
            Problems.WrongValue($"{what} of Init({kind})", $"left out: {why}", found, attribute.Origin);

        Rate Scale(object? value, string what) => kind == InitKind.Constant
            ? attribute.Rate(value, what, _ => true, "a finite number")
            : attribute.Rate(value, what, number => number > 0, "above 0");
    }

    /// <summary>What a layer says for itself; null if it says nothing.</summary>
    public static Initialization? OfLayer(AttributeReader attribute, Layer layer)
    {
        if (!attribute.Says("Init") || attribute.Choice<InitKind>(attribute.Named("Init"), "Init") is not { } kind)
        {
            return null;
        }

        if (layer is NormLayer norm && (kind is not (InitKind.Zeros or InitKind.Default) || !norm.HasScale))
        {
            var (expected, found) = norm.HasScale
                ? ("Zeros or Default, what its scale starts from", kind.ToString())
                : ("left out: it has no scale", "one");
            attribute.Report(Problems.WrongValue("Init of Norm", expected, found, attribute.Origin));
            return null;
        }

        if (ScaleOf(kind) is ScaleUse.Needed)
        {
            attribute.Report(Problems.WrongValue(
                $"Init of {attribute.Name}",
                $"a kind without a number, or said on the block, [Init(InitKind.{kind}, 0.02)]",
                kind.ToString(),
                attribute.Origin));
            return null;
        }

        return new(kind, null, FanMode.In, null, attribute.Origin);
    }

    private static string NameOf(InitKind kind) => kind switch
    {
        InitKind.Constant => "its number",
        InitKind.Uniform => "its bound",
        _ => "its standard deviation",
    };

    private static ScaleUse ScaleOf(InitKind kind) => kind switch
    {
        InitKind.Default or InitKind.Zeros => ScaleUse.None,
        InitKind.Constant or InitKind.Normal or InitKind.TruncatedNormal or InitKind.Uniform => ScaleUse.Needed,
        _ => ScaleUse.Optional,
    };

    private enum ScaleUse
    {
        None,
        Optional,
        Needed,
    }
}
