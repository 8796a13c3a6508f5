using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Optimizers;

/// <summary>SN2013: a sum of losses that keeps the graph of every batch.</summary>
public sealed class RetainedGraph() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN2013",
        "A sum of losses keeps every graph",
        "Adding the tensor '{0}' to '{1}' records the sum: the history of all batches stays in memory. Add {0}.item<float>() to a number, or {0}.detach().",
        RuleCategory.Optimizers,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "A loss is the end of a graph. A running sum of losses holds all of them until it is let go.",
        RuleDocumentation.Link("SN2013"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Operation(operation => Analyze(operation, torch), OperationKind.CompoundAssignment, OperationKind.SimpleAssignment);
    }

    private static void Analyze(OperationAnalysisContext context, TorchSymbols torch)
    {
        var assignment = (IAssignmentOperation)context.Operation;
        if (!torch.IsTensor(assignment.Target.Type)
            || assignment.Target.Variable() is not { } sum
            || Added(assignment, sum) is not { } added
            || added.Variable() is not { } loss)
        {
            return;
        }

        var loop = assignment.LoopsAround().FirstOrDefault(around => !Declares(around, sum));
        if (loop is null || !Declares(loop, loss))
        {
            return;
        }

        // Who goes backward through the sum needs the history.
        var backwards = assignment.Body().Calls().Where(torch.IsBackward).ToList();
        if (backwards.Any(call => SymbolEqualityComparer.Default.Equals(call.Instance.Variable(), loss))
            && !backwards.Any(call => SymbolEqualityComparer.Default.Equals(call.Instance.Variable(), sum)))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, added.Syntax.GetLocation(), loss.Name, sum.Name));
        }
    }

    /// <summary>What <c>sum += x</c> or <c>sum = sum + x</c> adds.</summary>
    private static IOperation? Added(IAssignmentOperation assignment, ISymbol sum) => assignment switch
    {
        ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add } compound => compound.Value,
        ISimpleAssignmentOperation { Value: IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } binary }
            when SymbolEqualityComparer.Default.Equals(binary.LeftOperand.Variable(), sum) =>
            binary.RightOperand,
        ISimpleAssignmentOperation { Value: IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } binary }
            when SymbolEqualityComparer.Default.Equals(binary.RightOperand.Variable(), sum) =>
            binary.LeftOperand,
        _ => null,
    };

    private static bool Declares(ILoopOperation loop, ISymbol variable) =>
        loop.InOrder().OfType<IVariableDeclaratorOperation>().Any(declarator => SymbolEqualityComparer.Default.Equals(declarator.Symbol, variable));
}
