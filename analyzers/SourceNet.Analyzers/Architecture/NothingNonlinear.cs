using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Analyzers.Architecture;

/// <summary>SN3008: two layers that one layer could be.</summary>
internal sealed class NothingNonlinear() : ArchitectureRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = Rule(
        "SN3008",
        "Nothing nonlinear between two layers",
        "{0} follows {1} with nothing nonlinear between: together they can do no more than one layer. Put an activation between, or remove one.",
        DiagnosticSeverity.Info,
        "A linear map of a linear map is a linear map.");

    public override IEnumerable<Finding> Find(ModelGraph model)
    {
        foreach (var (node, layer) in model.Layers<WeightedLayer>())
        {
            if (IsPlain(layer)
                && model.Before(node, before => Passes(model, before)) is { } previous
                && model.Graph.LayerAt(previous) is WeightedLayer first
                && IsPlain(first)
                && IsTheOnlyWay(model, previous, node)
                && !IsNarrow(model.Apply(previous), first, layer)
                && !IsSplitKernel(first, layer))
            {
                yield return new(s_rule, node, model.UsedAt(node), model.Name(node), model.Name(previous));
            }
        }
    }

    /// <summary>A layer that is a matrix. Grouped convolutions make up one together with the layer that mixes their channels.</summary>
    private static bool IsPlain(Layer layer) =>
        layer is LinearLayer { TiedTo: null, OutFeatures.IsKnown: true } or ConvolutionLayer { Transposed: false, Groups.Constant: 1 };

    private static bool Passes(ModelGraph model, int node) => model.Graph.LayerAt(node) is DropoutLayer or FlattenLayer;

    /// <summary>Whether nothing else takes what lies between.</summary>
    private static bool IsTheOnlyWay(ModelGraph model, int from, int to)
    {
        for (var node = from; node != to;)
        {
            if (model.Graph.OnlyConsumer(node) is not { } next)
            {
                return false;
            }

            node = next;
        }

        return true;
    }

    /// <summary>A narrow place between two wide ones makes a matrix of low rank, which one layer is not.</summary>
    private static bool IsNarrow(GraphOperation.Apply first, Layer firstLayer, Layer second)
    {
        var middle = Size(firstLayer);
        return middle is null || first.InSize.Constant is null || Size(second) is null || middle < Math.Min(first.InSize.Constant.Value, Size(second)!.Value);
    }

    private static long? Size(Layer layer) => layer switch
    {
        LinearLayer linear => linear.OutFeatures.Constant,
        ConvolutionLayer conv => conv.OutChannels.Constant,
        _ => null,
    };

    /// <summary>A kernel of 3 x 1 and one of 1 x 3 are a cheaper 3 x 3.</summary>
    private static bool IsSplitKernel(Layer first, Layer second) =>
        first is ConvolutionLayer one && second is ConvolutionLayer other && (one.Kernel != other.Kernel || one.Kernel.Distinct().Count() > 1);
}
