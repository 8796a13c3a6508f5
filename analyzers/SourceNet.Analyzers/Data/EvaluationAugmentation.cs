using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Data;

/// <summary>SN4001: random augmentation of the data that a model is evaluated on.</summary>
public sealed class EvaluationAugmentation() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN4001",
        "Evaluation data are augmented at random",
        "{0} changes the evaluation data at random: the score is that of other data, and another one at each run. Give evaluation a pipeline without it.",
        RuleCategory.Data,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Augmentation is a regularizer of the training. What is evaluated goes through the fixed steps only, such as resizing and normalization.",
        RuleDocumentation.Link("SN4001"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        if (torch.Transforms is not null && torch.Dataset is not null)
        {
            on.Making(method => method.Name == "call" || DatasetSource.MayMake(method, torch), torch.IsDataset, operation => Look(operation, torch));
        }

        if (torch.Batches is not null)
        {
            on.Creation(type => SymbolEqualityComparer.Default.Equals(type, torch.Batches), (operation, made) => LookAtBatches(operation, made, torch));
        }
    }

    private static void LookAtBatches(OperationAnalysisContext context, IObjectCreationOperation made, TorchSymbols torch)
    {
        if (AugmentedBatches.Of(made, torch) is var (transform, change)
            && AugmentedBatches.PurposeOf(made, out var isCertain) == Purpose.Evaluation
            && !PurposeName.IsDisturbed(made.AssignedVariable()?.Name))
        {
            Report(context, transform.Value, change, isCertain ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info);
        }
    }

    private static void Look(OperationAnalysisContext context, TorchSymbols torch)
    {
        if (DatasetSource.Of(context.Operation, torch) is { } dataset)
        {
            if (dataset.Transform(torch) is { } pipeline && torch.RandomStep(pipeline.Value) is { } random && Severity(dataset, torch) is { } severity)
            {
                Report(context, pipeline.Value, random, severity);
            }
        }
        else if (
            context.Operation is IInvocationOperation { TargetMethod.Name: "call", Instance: { } transform } call
                && torch.IsTransform(transform)
                && IsInEvaluationLoop(call, torch)
                && torch.RandomStep(transform) is { } random)
        {
            // Who averages over several random views means it, but calls more than once.
            Report(context, transform, random, DiagnosticSeverity.Info);
        }
    }

    private static void Report(OperationAnalysisContext context, IOperation pipeline, string random, DiagnosticSeverity severity) =>
        context.ReportDiagnostic(Diagnostic.Create(s_rule, pipeline.Syntax.GetLocation(), severity, null, null, random));

    /// <summary>How sure it is that a dataset is for evaluation; null if nothing says so.</summary>
    private static DiagnosticSeverity? Severity(DatasetSource dataset, TorchSymbols torch)
    {
        var variable = dataset.Creation.AssignedVariable();
        if (PurposeName.IsDisturbed(variable?.Name))
        {
            return null;
        }

        var used = variable is ILocalSymbol local
            ? Loaders(local, dataset.Creation, torch).Select(torch.PurposeOf).Aggregate(Purpose.None, (one, other) => one | other)
            : Purpose.None;
        if (used.HasFlag(Purpose.Training) || dataset.Purpose == Purpose.Training)
        {
            return null;
        }

        if (dataset.Purpose == Purpose.Evaluation || used == Purpose.Evaluation)
        {
            return MayIgnorePipeline(dataset, torch) ? DiagnosticSeverity.Info : DiagnosticSeverity.Warning;
        }

        return PurposeName.Of(variable?.Name) == Purpose.Evaluation ? DiagnosticSeverity.Info : null;
    }

    /// <summary>
    /// Whether a dataset has a switch that may turn the pipeline off, as some classes do for evaluation by themselves. Those of TorchVision do not.
    /// </summary>
    private static bool MayIgnorePipeline(DatasetSource dataset, TorchSymbols torch) =>
        dataset.Arguments.Any(
            argument =>
                argument.Parameter is { Type.SpecialType: SpecialType.System_Boolean, ContainingAssembly: var owner }
                    && !SymbolEqualityComparer.Default.Equals(owner, torch.Transforms!.ContainingAssembly));

    /// <summary>The loaders that are made of a dataset in the same body.</summary>
    private static IEnumerable<Loader> Loaders(ILocalSymbol dataset, IOperation creation, TorchSymbols torch) => creation.Body().InOrder()
        .Select(operation => Loader.Of(operation, torch))
        .OfType<Loader>()
        .Where(loader => SymbolEqualityComparer.Default.Equals(loader.Dataset.Variable(), dataset));

    private static bool IsInEvaluationLoop(IInvocationOperation call, TorchSymbols torch) =>
        call.LoopsAround().FirstOrDefault() is IForEachLoopOperation loop
        && torch.PurposeOf(loop) == Purpose.Evaluation
        && loop.Body.Calls()
            .Count(
                other =>
                    other.TargetMethod.Name == "call"
                        && other.Instance is { } instance
                        && torch.IsTransform(instance)
                        && torch.RandomStep(instance) is not null) == 1;
}
