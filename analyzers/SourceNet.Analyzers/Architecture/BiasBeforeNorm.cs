using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Analyzers.Architecture;

/// <summary>SN3005: a bias that the norm after it subtracts again.</summary>
internal sealed class BiasBeforeNorm() : ArchitectureRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = Rule(
        "SN3005",
        "A bias that a norm removes",
        "{0} adds a bias that {1} subtracts with the mean: weights that cost memory and optimizer steps and do nothing. Say {2}.",
        DiagnosticSeverity.Info,
        "Batch and instance norm subtract the mean of each channel, and with it any number that was added to the channel. Their own bias takes its place.");

    public override IEnumerable<Finding> Find(ModelGraph model)
    {
        foreach (var (node, layer) in model.Layers<WeightedLayer>())
        {
            if (layer is LinearLayer or ConvolutionLayer
                && model.Apply(node) is { HasBias: true, Module: var module }
                && model.Graph.OnlyConsumer(node) is { } next
                && model.Graph.LayerAt(next) is NormLayer { RemovesBias: true }
                && (module < 0 ? layer.Origin.Kind != OriginKind.Code : IsAppliedOnce(model, module)))
            {
                yield return new(
                    s_rule,
                    node,
                    layer.Origin,
                    model.Name(node),
                    model.Name(next),
                    layer.Origin.Kind != OriginKind.Code ? "Bias = false" : layer is LinearLayer ? "hasBias: false" : "bias: false");
            }
        }
    }

    private static bool IsAppliedOnce(ModelGraph model, int module) =>
        model.Graph.Nodes.Count(node => node.Operation is GraphOperation.Apply apply && apply.Module == module) == 1;
}
