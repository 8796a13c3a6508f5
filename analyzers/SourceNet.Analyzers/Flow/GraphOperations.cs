using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SourceNet.Analyzers.Flow;

/// <summary>The operations of a control flow graph.</summary>
internal static class GraphOperations
{
    /// <summary>All operations, without the bodies of lambdas and local functions.</summary>
    public static IEnumerable<IOperation> Operations(this ControlFlowGraph graph) => graph.Blocks
        .SelectMany(block => block.BranchValue is { } value ? block.Operations.Append(value) : block.Operations)
        .SelectMany(operation => operation.DescendantsAndSelf());

    /// <summary>All calls, those in the bodies of lambdas included.</summary>
    public static IEnumerable<IInvocationOperation> Calls(this ControlFlowGraph graph) => graph.Operations().SelectMany(operation => operation switch
    {
        IInvocationOperation call => [call],
        IFlowAnonymousFunctionOperation lambda => graph.GetAnonymousFunctionControlFlowGraph(lambda).Calls(),
        _ => [],
    });

    /// <summary>The graphs of the lambdas and local functions in a graph, however deep.</summary>
    public static IEnumerable<(IMethodSymbol Function, ControlFlowGraph Graph)> Functions(this ControlFlowGraph graph)
    {
        var lambdas = graph.Operations()
            .OfType<IFlowAnonymousFunctionOperation>()
            .Select(lambda => (lambda.Symbol, graph.GetAnonymousFunctionControlFlowGraph(lambda)));
        var locals = graph.LocalFunctions.Select(local => (local, graph.GetLocalFunctionControlFlowGraph(local)));
        return lambdas.Concat(locals).SelectMany(function => function.Item2.Functions().Prepend(function));
    }
}
