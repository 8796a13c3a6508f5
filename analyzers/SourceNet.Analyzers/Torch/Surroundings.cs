using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SourceNet.Analyzers.Torch;

/// <summary>What is in the code around an operation.</summary>
internal static class Surroundings
{
    /// <summary>All operations of a body, but not those of the lambdas and local functions in it, which run at another time.</summary>
    public static IEnumerable<IOperation> InOrder(this IOperation body)
    {
        foreach (var child in body.ChildOperations)
        {
            if (child is not (IAnonymousFunctionOperation or ILocalFunctionOperation))
            {
                yield return child;
                foreach (var operation in InOrder(child))
                {
                    yield return operation;
                }
            }
        }
    }

    /// <summary>All calls of a body in the order of the source, without those of lambdas and local functions.</summary>
    public static IEnumerable<IInvocationOperation> Calls(this IOperation body) => body.InOrder().OfType<IInvocationOperation>();

    /// <summary>The loops around an operation, the innermost first, within its method or lambda.</summary>
    public static IEnumerable<ILoopOperation> LoopsAround(this IOperation operation)
    {
        for (var outer = operation.Parent; outer is not null and not (IAnonymousFunctionOperation or ILocalFunctionOperation); outer = outer.Parent)
        {
            if (outer is ILoopOperation loop)
            {
                yield return loop;
            }
        }
    }

    /// <summary>The variable that keeps what a call or creation makes.</summary>
    public static ISymbol? AssignedVariable(this IOperation made)
    {
        var value = made.Parent is IConversionOperation conversion ? conversion.Parent : made.Parent;
        return value switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => declarator.Symbol,
            ISimpleAssignmentOperation assignment => assignment.Target.Variable(),
            _ => null,
        };
    }
}
