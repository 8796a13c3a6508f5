using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;
using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Analyzers.Data;

/// <summary>SN4005: a training loader whose last batch may be a single sample, and a model that normalizes over the batch.</summary>
public sealed class UndersizedLastBatch() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN4005",
        "The last batch may be one sample, and the model has BatchNorm",
        "The last batch may be a single sample, and '{0}' has a batch norm that gets one value per channel of each sample: with one in all its running "
            + "variance turns NaN for good. Say {1}: true.",
        RuleCategory.Data,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "In train mode BatchNorm takes the variance over the batch, which one value does not have. TorchSharp does not throw.",
        RuleDocumentation.Link("SN4005"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        if (torch.DataLoader is not null)
        {
            on.Making(
                method => Loader.IsMadeBy(method, torch),
                torch.IsDataLoader,
                context => Look(context, Loader.Of(context.Operation, torch), "drop_last", "batchSize", facts));
        }

        if (torch.Batches is not null)
        {
            on.Creation(
                type => SymbolEqualityComparer.Default.Equals(type, torch.Batches) || SymbolEqualityComparer.Default.Equals(type, torch.TensorBatches),
                (context, creation) => Look(context, new Loader(creation, creation.Arguments), "dropLast", "size", facts));
        }
    }

    private static void Look(OperationAnalysisContext context, Loader? loader, string dropLast, string size, CompilationFacts facts)
    {
        var torch = facts.Torch;
        if (loader is null || loader.Flag(dropLast, otherwise: false) != false || !MayEndWithOne(loader, size, torch))
        {
            return;
        }

        var model = loader.Loops().OfType<IForEachLoopOperation>()
            .Where(loop => torch.PurposeOf(loop) == Purpose.Training)
            .SelectMany(loop => loop.Body.Calls())
            .Where(torch.IsForward)
            .Select(forward => forward.Instance)
            .FirstOrDefault(instance => instance is not null && NormalizesOverSamples(instance.Definition(), facts, context.CancellationToken));
        if (model is not null)
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, loader.Creation.Syntax.GetLocation(), model.Syntax.ToString(), dropLast));
        }
    }

    /// <summary>
    /// Whether one sample may be left over. It is not where the sizes are known and say otherwise, nor where each batch is one sample, which dropping does
    /// not help.
    /// </summary>
    private static bool MayEndWithOne(Loader loader, string size, TorchSymbols torch)
    {
        var batch = loader[size]?.Value.ConstantNumber();
        var count = loader.Dataset is { } data ? Count(data.Definition(), torch)
            : loader["inputs"] is { Value: var inputs } ? Rows(inputs.Definition(), torch)
            : null;
        return batch != 1 && (batch is null || count is null || count % batch == 1);
    }

    /// <summary>The number of samples in a dataset of tensors whose shape is written out.</summary>
    private static double? Count(IOperation dataset, TorchSymbols torch) =>
        dataset is IInvocationOperation { TargetMethod.Name: "TensorDataset", Arguments: [var tensors] }
        && Pipeline.Elements(tensors.Value).FirstOrDefault()?.Definition() is { } first
            ? Rows(first, torch)
            : null;

    /// <summary>The first size of a tensor that is made with sizes that are written out.</summary>
    private static double? Rows(IOperation tensor, TorchSymbols torch) =>
        tensor is IInvocationOperation { TargetMethod.Name: "rand" or "randn" or "zeros" or "ones", Arguments: [{ Value: { } size }, ..] } made
        && SymbolEqualityComparer.Default.Equals(made.TargetMethod.ContainingType, torch.Torch)
            ? Pipeline.Elements(size).FirstOrDefault()?.ConstantNumber()
            : null;

    /// <summary>
    /// Whether a model has a batch norm that gets one value per channel of each sample: a BatchNorm1d and no Conv1d, after which there are more, or one behind a
    /// pool that leaves one place of each map.
    /// </summary>
    private static bool NormalizesOverSamples(IOperation model, CompilationFacts facts, CancellationToken cancellation)
    {
        if (model is IInvocationOperation sequential && facts.Torch.IsSequentialFactory(sequential))
        {
            // The graph of the code around it is read only where there is something to see.
            return IsOverSamples(sequential.Descendants(), facts.Torch)
                || sequential.Descendants().Any(part => part.Type?.Name is "BatchNorm2d" or "BatchNorm3d")
                && facts.Graphs(sequential.Root(), null, cancellation).Any(found => found.Sequence == sequential.Syntax && HasNormOfOnePlace(found.Graph));
        }

        if (model.Type is not INamedTypeSymbol type || facts.Torch.IsOfTorchSharp(type))
        {
            return false;
        }

        return facts.Declared.Find(type, cancellation) is { } declared
            ? HasNormOfOnePlace(declared.Graph)
            : IsOverSamples(Parts(type, facts, cancellation), facts.Torch) || facts.Graphs(type, cancellation).Any(found => HasNormOfOnePlace(found.Graph));
    }

    private static bool HasNormOfOnePlace(LayerGraph graph) => Enumerable.Range(0, graph.Nodes.Count).Any(node =>
        graph.LayerAt(node) is NormLayer { Function: NormKind.Batch } && graph.Nodes[node].Inputs is [var input] && HasOnePlace(graph, input));

    /// <summary>Whether a node gives one value per channel of each sample, by its shape or because a pool to one place stands before it.</summary>
    private static bool HasOnePlace(LayerGraph graph, int node)
    {
        while (true)
        {
            var shape = graph.Nodes[node].Output;
            if (shape.IsKnown)
            {
                return shape.Rank == 1 || shape.Dims.Skip(1).All(size => size.Constant == 1);
            }

            switch (graph.LayerAt(node))
            {
                case GlobalAveragePoolLayer:
                    return true;
                case ActivationLayer or DropoutLayer or NormLayer or ConvolutionLayer when graph.Nodes[node].Inputs is [var input]
                    && (graph.LayerAt(node) is not ConvolutionLayer conv || conv.Kernel.All(size => size.Constant == 1)):
                    node = input;
                    break;
                default:
                    return false;
            }
        }
    }

    private static bool IsOverSamples(IEnumerable<IOperation> parts, TorchSymbols torch)
    {
        var layers = parts.Where(part => torch.IsModule(part.Type) && torch.IsOfTorchSharp(part.Type!)).Select(part => part.Type!.Name).ToList();
        return layers.Contains("BatchNorm1d") && !layers.Contains("Conv1d");
    }

    /// <summary>All expressions in the source of a model that make layers.</summary>
    private static IEnumerable<IOperation> Parts(ITypeSymbol model, CompilationFacts facts, CancellationToken cancellation) => model.DeclaringSyntaxReferences
        .SelectMany(reference => reference.GetSyntax(cancellation).DescendantNodes().OfType<InvocationExpressionSyntax>())
        .Select(call => facts.Operations.Of(call, cancellation))
        .OfType<IOperation>();
}
