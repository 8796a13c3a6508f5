using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Data;

/// <summary>SN4005: a training loader whose last batch may be a single sample, and a model that normalizes over the batch.</summary>
public sealed class UndersizedLastBatch() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN4005",
        "The last batch may be one sample, and the model has BatchNorm",
        "The last batch may be a single sample, and '{0}' has BatchNorm1d: with one value per channel its running variance turns NaN for good. Say "
            + "drop_last: true.",
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
            on.Making(method => Loader.IsMadeBy(method, torch), torch.IsDataLoader, operation => Look(operation, facts));
        }
    }

    private static void Look(OperationAnalysisContext context, CompilationFacts facts)
    {
        var torch = facts.Torch;
        if (Loader.Of(context.Operation, torch) is not { } loader || loader.Flag("drop_last", otherwise: false) != false || !MayEndWithOne(loader, torch))
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
            context.ReportDiagnostic(Diagnostic.Create(s_rule, loader.Creation.Syntax.GetLocation(), model.Syntax.ToString()));
        }
    }

    /// <summary>
    /// Whether one sample may be left over. It is not where the sizes are known and say otherwise, nor where each batch is one sample, which dropping does
    /// not help.
    /// </summary>
    private static bool MayEndWithOne(Loader loader, TorchSymbols torch)
    {
        var batch = loader["batchSize"]?.Value.ConstantNumber();
        return batch != 1 && (batch is null || loader.Dataset is not { } data || Count(data.Definition(), torch) is not { } count || count % batch == 1);
    }

    /// <summary>The number of samples in a dataset of tensors whose shape is written out.</summary>
    private static double? Count(IOperation dataset, TorchSymbols torch) =>
        dataset is IInvocationOperation { TargetMethod.Name: "TensorDataset", Arguments: [var tensors] }
        && Pipeline.Elements(tensors.Value)
            .FirstOrDefault()?.Definition() is IInvocationOperation
        {
            TargetMethod.Name: "rand" or "randn" or "zeros" or "ones", Arguments: [{ Value: { } size }, ..]
        } made
        && SymbolEqualityComparer.Default.Equals(made.TargetMethod.ContainingType, torch.Torch)
            ? Pipeline.Elements(size).FirstOrDefault()?.ConstantNumber()
            : null;

    /// <summary>Whether a model has a BatchNorm1d and no Conv1d, after which there are more values per channel than samples.</summary>
    private static bool NormalizesOverSamples(IOperation model, CompilationFacts facts, CancellationToken cancellation) =>
        model is IInvocationOperation sequential && facts.Torch.IsSequentialFactory(sequential) ? IsOverSamples(sequential.Descendants(), facts.Torch)
        : model.Type is { } type && !facts.Torch.IsOfTorchSharp(type) && IsOverSamples(Parts(type, facts, cancellation), facts.Torch);

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
