using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Data;

/// <summary>SN4005: a training loader whose last batch may be a single sample, and a model that normalizes over the batch.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LonelySampleAnalyzer : TorchAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN4005",
        "The last batch may be one sample, and the model has BatchNorm",
        "The last batch may be a single sample, and '{0}' has BatchNorm1d: with one value per channel its running variance turns NaN for good. Say drop_last: true.",
        RuleCategory.Data,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "In train mode BatchNorm takes the variance over the batch, which one value does not have. TorchSharp does not throw.",
        RuleDocumentation.Link("SN4005"));

    public LonelySampleAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Register(CompilationStartAnalysisContext context, TorchSymbols torch)
    {
        if (torch.DataLoader is not null)
        {
            var known = new ConcurrentDictionary<ITypeSymbol, bool>(SymbolEqualityComparer.Default);
            context.RegisterOperationAction(operation => Look(operation, torch, known), OperationKind.Invocation, OperationKind.ObjectCreation);
        }
    }

    private static void Look(OperationAnalysisContext context, TorchSymbols torch, ConcurrentDictionary<ITypeSymbol, bool> known)
    {
        if (Loader.Of(context.Operation, torch) is not { } loader || loader.Flag("drop_last", otherwise: false) != false || !MayEndWithOne(loader, torch))
        {
            return;
        }

        var model = loader.Loops().OfType<IForEachLoopOperation>()
            .Where(loop => torch.PurposeOf(loop) == Purpose.Training)
            .SelectMany(loop => loop.Body.Calls())
            .Where(torch.IsForward)
            .Select(forward => forward.Instance)
            .FirstOrDefault(instance => instance is not null && NormalizesOverSamples(instance.Source(), context, torch, known));
        if (model is not null)
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, loader.Creation.Syntax.GetLocation(), model.Syntax.ToString()));
        }
    }

    /// <summary>Whether one sample may be left over. It is not where the sizes are known and say otherwise, nor where each batch is one sample, which dropping does not help.</summary>
    private static bool MayEndWithOne(Loader loader, TorchSymbols torch)
    {
        var batch = loader["batchSize"]?.Value.Known();
        return batch != 1 && (batch is null || loader.Dataset is not { } data || Count(data.Source(), torch) is not { } count || count % batch == 1);
    }

    /// <summary>The number of samples in a dataset of tensors whose shape is written out.</summary>
    private static double? Count(IOperation dataset, TorchSymbols torch) =>
        dataset is IInvocationOperation { TargetMethod.Name: "TensorDataset", Arguments: [var tensors] }
        && Pipeline.Elements(tensors.Value).FirstOrDefault()?.Source() is IInvocationOperation { TargetMethod.Name: "rand" or "randn" or "zeros" or "ones", Arguments: [{ Value: { } size }, ..] } made
        && SymbolEqualityComparer.Default.Equals(made.TargetMethod.ContainingType, torch.Torch)
            ? Pipeline.Elements(size).FirstOrDefault()?.Known()
            : null;

    /// <summary>Whether a model has a BatchNorm1d and no Conv1d, after which there are more values per channel than samples.</summary>
    private static bool NormalizesOverSamples(IOperation model, OperationAnalysisContext context, TorchSymbols torch, ConcurrentDictionary<ITypeSymbol, bool> known)
    {
        if (model is IInvocationOperation { TargetMethod.Name: "Sequential" } sequential && torch.NN is { } nn && SymbolEqualityComparer.Default.Equals(sequential.TargetMethod.ContainingType, nn))
        {
            return IsOverSamples(sequential.Descendants(), torch);
        }

        return model.Type is { } type && !torch.IsOfTorchSharp(type) && known.GetOrAdd(type, _ => IsOverSamples(Parts(type, context), torch));
    }

    private static bool IsOverSamples(IEnumerable<IOperation> parts, TorchSymbols torch)
    {
        var layers = parts.Where(part => torch.IsModule(part.Type) && torch.IsOfTorchSharp(part.Type!)).Select(part => part.Type!.Name).ToList();
        return layers.Contains("BatchNorm1d") && !layers.Contains("Conv1d");
    }

    /// <summary>All expressions in the source of a model that make layers.</summary>
    private static IEnumerable<IOperation> Parts(ITypeSymbol model, OperationAnalysisContext context)
    {
        foreach (var reference in model.DeclaringSyntaxReferences.Where(reference => context.Compilation.ContainsSyntaxTree(reference.SyntaxTree)))
        {
            var declaration = reference.GetSyntax(context.CancellationToken);
#pragma warning disable RS1030 // Asked once for each model that a loop trains. It may lie in another file.
            var semantics = context.Compilation.GetSemanticModel(declaration.SyntaxTree);
#pragma warning restore RS1030
            foreach (var call in declaration.DescendantNodes().OfType<InvocationExpressionSyntax>())
            {
                if (semantics.GetOperation(call, context.CancellationToken) is { } operation)
                {
                    yield return operation;
                }
            }
        }
    }
}
