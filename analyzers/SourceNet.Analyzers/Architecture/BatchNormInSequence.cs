using Microsoft.CodeAnalysis;
using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Analyzers.Architecture;

/// <summary>SN3006: batch norm among tokens, whose statistics mix positions and padding.</summary>
internal sealed class BatchNormInSequence() : ArchitectureRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = Rule(
        "SN3006",
        "Batch norm in a sequence model",
        "Batch norm mixes all positions and samples of a sequence, padding too, and differs between train and eval mode. Use LayerNorm or RMSNorm after {0}.",
        DiagnosticSeverity.Info,
        "The statistics of tokens vary much between batches. Shen et al., PowerNorm: Rethinking Batch Normalization in Transformers, ICML 2020.");

    public override IEnumerable<Finding> Find(ModelGraph model)
    {
        foreach (var (node, norm) in model.Layers<NormLayer>())
        {
            if (norm.Function == NormKind.Batch && Source(model, node) is { } source)
            {
                yield return new(s_rule, node, norm.Origin, source);
            }
        }
    }

    /// <summary>What makes a sequence of what goes in, as far as positions are kept apart.</summary>
    private static string? Source(ModelGraph model, int node)
    {
        foreach (var input in model.Graph.Nodes[node].Inputs)
        {
            var source = model.Graph.Nodes[input].Operation switch
            {
                GraphOperation.Attend => "attention",
                GraphOperation.Apply { Layer: AttentionLayer or EmbeddingLayer or PositionEmbeddingLayer or RecurrentLayer or TransformerLayer } =>
                    model.Name(input),
                GraphOperation.Apply { Layer: LinearLayer or ActivationLayer or NormLayer or DropoutLayer or FeedForwardLayer or SwiGluLayer or DropPathLayer }
                    or GraphOperation.Sum
                    or GraphOperation.Scale
                    or GraphOperation.Rearrangement { Name: "transpose" or "permute" or "view" or "contiguous" } => Source(model, input),
                _ => null,
            };
            if (source is not null)
            {
                return source;
            }
        }

        return null;
    }
}
