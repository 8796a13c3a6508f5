using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Data;

/// <summary>SN4006: an evaluation loader over the training data, while the test data lie unused.</summary>
public sealed class UnusedTestSet() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN4006",
        "An evaluation loader reads the training data",
        "'{0}' loads '{1}', and '{2}' is never used: the evaluation measures what the model has seen. Load '{2}'.",
        RuleCategory.Data,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "A score on the training data says how well a model remembers, not how well it predicts.",
        RuleDocumentation.Link("SN4006"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        if (torch.DataLoader is not null)
        {
            on.Making(method => Loader.IsMadeBy(method, torch), torch.IsDataLoader, operation => Look(operation, torch));
        }
    }

    private static void Look(OperationAnalysisContext context, TorchSymbols torch)
    {
        if (Loader.Of(context.Operation, torch) is { Variable: { } variable, Dataset: { } dataset } loader
            && dataset.Variable() is { } data
            && PurposeOf(data, dataset.Definition(), torch) == Purpose.Training
            && IsForEvaluation(loader, variable, torch)
            && Unused(context, torch) is { } unused)
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, dataset.Syntax.GetLocation(), variable.Name, data.Name, unused.Name));
        }
    }

    private static bool IsForEvaluation(Loader loader, ISymbol variable, TorchSymbols torch)
    {
        var used = torch.PurposeOf(loader);
        return !used.HasFlag(Purpose.Training) && (used == Purpose.Evaluation || PurposeName.Of(variable.Name) == Purpose.Evaluation);
    }

    /// <summary>A dataset for evaluation that the method makes or gets, and does nothing with but counting its samples.</summary>
    private static ISymbol? Unused(OperationAnalysisContext context, TorchSymbols torch)
    {
        var operations = context.Operation.Root().Descendants().ToList();
        var made = operations.OfType<IVariableDeclaratorOperation>()
            .Where(
                declarator =>
                    torch.IsDataset(declarator.Symbol.Type)
                        && declarator.GetVariableInitializer()?.Value is { } value
                        && PurposeOf(declarator.Symbol, value.Definition(), torch) == Purpose.Evaluation)
            .Select(declarator => (ISymbol)declarator.Symbol);
        var given = context.ContainingSymbol is IMethodSymbol method
            ? method.Parameters.Where(parameter => torch.IsDataset(parameter.Type) && PurposeName.Of(parameter.Name) == Purpose.Evaluation)
            : [];
        var read = new HashSet<ISymbol>(
            operations.Where(
                operation =>
                    operation is (ILocalReferenceOperation or IParameterReferenceOperation)
                        and not { Parent: IPropertyReferenceOperation { Property.Name: "Count" } })
                .Select(operation => operation.Variable()!),
            SymbolEqualityComparer.Default);
        return made.Concat(given).FirstOrDefault(symbol => !read.Contains(symbol));
    }

    /// <summary>What data are for: by what makes them, else by their name.</summary>
    private static Purpose PurposeOf(ISymbol data, IOperation source, TorchSymbols torch) =>
        DatasetSource.Of(source, torch)?.Purpose is { } stated and not Purpose.None ? stated : PurposeName.Of(data.Name);
}
