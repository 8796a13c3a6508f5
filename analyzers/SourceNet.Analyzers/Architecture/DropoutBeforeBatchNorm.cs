using Microsoft.CodeAnalysis;
using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Analyzers.Architecture;

/// <summary>SN3001: batch norm learns in train mode the variance of numbers that dropout has scaled, and in eval mode they have another.</summary>
internal sealed class DropoutBeforeBatchNorm() : ArchitectureRule(s_direct, s_behindLayer)
{
    private const string Description =
        "Dropout scales what it keeps by 1 / (1 - p), which raises the variance in train mode only. Batch norm divides by the variance of train mode in eval "
            + "mode too.";

    private static readonly DiagnosticDescriptor s_direct = Rule(
        "SN3001",
        "Dropout before batch norm",
        "This dropout feeds {0}, whose running variance is then that of train mode: eval mode shifts every activation. Put dropout after the last batch norm.",
        DiagnosticSeverity.Warning,
        Description);

    private static readonly DiagnosticDescriptor s_behindLayer = Rule(
        "SN3001",
        "Dropout before batch norm",
        "This dropout feeds {0} through {1}: its running variance is that of train mode, so eval mode is shifted a little. Prefer dropout after the last "
            + "batch norm.",
        DiagnosticSeverity.Info,
        Description);

    public override IEnumerable<Finding> Find(ModelGraph model)
    {
        foreach (var (node, dropout) in model.Layers<DropoutLayer>())
        {
            // Alpha dropout keeps the variance.
            if (dropout.Kind == DropoutKind.Alpha || dropout.Rate.IsZero)
            {
                continue;
            }

            var next = model.After(node, model.KeepsElements).ToList();
            if (BatchNorm(model, next) is { } norm)
            {
                yield return new(s_direct, node, model.UsedAt(node), model.Name(norm));
            }
            else if (next.Count == 1
                && model.Graph.LayerAt(next[0]) is LinearLayer or ConvolutionLayer
                && BatchNorm(model, model.After(next[0], model.KeepsElements)) is { } behind)
            {
                yield return new(s_behindLayer, node, model.UsedAt(node), model.Name(behind), model.Name(next[0]));
            }
        }
    }

    private static int? BatchNorm(ModelGraph model, IEnumerable<int> nodes) =>
        nodes.Where(node => model.Graph.LayerAt(node) is NormLayer { Function: NormKind.Batch }).Cast<int?>().FirstOrDefault();
}
