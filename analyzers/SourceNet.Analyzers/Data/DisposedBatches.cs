using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Data;

/// <summary>SN4004: batches of a loader that are kept in a list, while the loader disposes each one when it goes to the next.</summary>
public sealed class DisposedBatches() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN4004",
        "Batches are kept that their loader disposes",
        "The loader disposes each batch when it goes to the next: `{0}` keeps disposed tensors. Pass disposeBatch: false to the loader, or use each batch "
            + "inside the loop.",
        RuleCategory.Data,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A DataLoader disposes the tensors of a batch before it gives the next one, unless it is made with disposeBatch: false.",
        RuleDocumentation.Link("SN4004"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        if (torch.DataLoader is not null)
        {
            on.Call(["ToList", "ToArray", "Add"], (operation, call) => Look(operation, call, torch));
        }
    }

    private static void Look(OperationAnalysisContext context, IInvocationOperation call, TorchSymbols torch)
    {
        var kept = call.TargetMethod.Name switch
        {
            "ToList" or "ToArray" when call.IsLinq() && !IsOnlyCounted(call) => Batches(call.Arguments[0].Value),
            "Add" when call is { Instance: not null, Arguments.Length: 1 } => LoopOver(call),
            _ => null,
        };
        // A function that the user gives to put a batch together may hand out tensors that the loader does not know.
        if (kept is not null
            && Loader.Of(kept.Definition(), torch) is { Creation.Type: INamedTypeSymbol { IsGenericType: false } } loader
            && loader.Flag("disposeBatch", otherwise: true) == true)
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, call.Syntax.GetLocation(), call.Syntax.ToString().Split('\n')[0].TrimEnd()));
        }
    }

    /// <summary>The sequence that a list is made of, past what hands its elements on as they are.</summary>
    private static IOperation Batches(IOperation sequence)
    {
        while (sequence.WalkDownConversions() is IInvocationOperation call && call.IsLinq() && HandsOn(call))
        {
            sequence = call.Arguments[0].Value;
        }

        return sequence;
    }

    private static bool HandsOn(IInvocationOperation call) =>
        call.TargetMethod.Name is "Take" or "Skip" or "Where" or "TakeWhile" or "SkipWhile" or "AsEnumerable"
        || (call.TargetMethod.Name == "Select"
            && call.Arguments[1].Value.WalkDownConversions() is IDelegateCreationOperation { Target: IAnonymousFunctionOperation selector }
            && selector is { Body.Operations: [IReturnOperation { ReturnedValue: { } result }], Symbol.Parameters: [var batch] }
            && IsOf(result, batch));

    /// <summary>For <c>list.Add(batch)</c> in a loop over a loader, which gives the list disposed tensors: the loader.</summary>
    private static IOperation? LoopOver(IInvocationOperation add) =>
        add.Instance.Variable() is ILocalSymbol list
        && IsList(list.Type)
        && add.LoopsAround().FirstOrDefault() is IForEachLoopOperation loop
        && loop.Locals is [{ } batch]
        && IsOf(add.Arguments[0].Value, batch)
        && loop.Body.Descendants().Count(operation => SymbolEqualityComparer.Default.Equals(Named(operation), list)) == 1
            ? loop.Collection
            : null;

    private static ILocalSymbol? Named(IOperation operation) => operation switch
    {
        ILocalReferenceOperation read => read.Local,
        IVariableDeclaratorOperation declarator => declarator.Symbol,
        _ => null,
    };

    private static bool IsList(ITypeSymbol type) => type is { Name: "List", ContainingNamespace: { Name: "Generic", ContainingNamespace.Name: "Collections" } };

    /// <summary>Whether a value is a batch, or a tensor of it: <c>batch</c>, <c>batch["data"]</c>.</summary>
    private static bool IsOf(IOperation value, ISymbol batch) => value.WalkDownConversions() switch
    {
        IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } owner } => IsOf(owner, batch),
        var other => SymbolEqualityComparer.Default.Equals(other.Variable(), batch),
    };

    private static bool IsOnlyCounted(IInvocationOperation list) => list.Parent is IPropertyReferenceOperation { Property.Name: "Count" or "Length" };
}
