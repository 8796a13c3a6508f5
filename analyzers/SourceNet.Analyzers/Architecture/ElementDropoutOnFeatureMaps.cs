using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Analyzers.Architecture;

/// <summary>SN3003: dropout of single pixels in feature maps, whose neighbors tell the same.</summary>
internal sealed class ElementDropoutOnFeatureMaps() : ArchitectureRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = Rule(
        "SN3003",
        "Dropout of single pixels in feature maps",
        "This dropout zeroes single pixels of feature maps, whose neighbors carry the same: it regularizes little and adds noise. Use {0}, which drops whole "
            + "maps.",
        DiagnosticSeverity.Info,
        "Neighboring pixels of a feature map are strongly correlated. Tompson et al., Efficient Object Localization Using Convolutional Networks, CVPR 2015.");

    public override IEnumerable<Finding> Find(ModelGraph model)
    {
        foreach (var (node, dropout) in model.Layers<DropoutLayer>())
        {
            if (dropout is { Kind: DropoutKind.Element, Rate.IsZero: false } && Rank(model, node) is { } rank && IsUsedAsMaps(model, node))
            {
                yield return new(s_rule, node, dropout.Origin, dropout.Origin.Kind == OriginKind.Code ? $"Dropout{rank}d" : "[SpatialDropout]") { Rank = rank };
            }
        }
    }

    /// <summary>The axes of the feature maps that go in, 2 or 3; null for what are no maps. In one dimension both kinds are usual.</summary>
    private static int? Rank(ModelGraph model, int node) =>
        model.Before(node, before => KeepsMaps(model, before)) is { } source && model.Graph.LayerAt(source) is ConvolutionLayer { Rank: > 1 } conv
            ? conv.Rank
            : null;

    private static bool KeepsMaps(ModelGraph model, int node) =>
        model.Graph.LayerAt(node) is ActivationLayer or NormLayer or PoolLayer or DropoutLayer or UpsampleLayer;

    /// <summary>Whether something looks at them as maps again. A flatten and a linear layer look at single numbers.</summary>
    private static bool IsUsedAsMaps(ModelGraph model, int node) =>
        model.After(node, after => KeepsMaps(model, after)).Any(after => model.Graph.LayerAt(after) is ConvolutionLayer);
}
