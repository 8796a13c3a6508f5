using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Optimizers;

/// <summary>What the rules about optimizers ask of the code around a call.</summary>
internal static class OptimizerCalls
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

    /// <summary>Whether two operations read the same variable.</summary>
    public static bool IsSameVariable(IOperation? one, IOperation? other) => one.Variable() is { } variable && SymbolEqualityComparer.Default.Equals(variable, other.Variable());

    /// <summary>The call of <c>parameters()</c> that an optimizer gets as it is, without groups.</summary>
    public static IInvocationOperation? ParametersOf(this TorchSymbols torch, IInvocationOperation optimizer) =>
        optimizer.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value.Bare() is IInvocationOperation { TargetMethod.Name: "parameters" or "named_parameters" } parameters && torch.IsModule(parameters.TargetMethod.ContainingType)
            ? parameters
            : null;

    /// <summary>The variable that keeps what a call makes.</summary>
    public static ISymbol? Kept(this IInvocationOperation made)
    {
        var value = made.Parent is IConversionOperation conversion ? conversion.Parent : made.Parent;
        return value switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => declarator.Symbol,
            ISimpleAssignmentOperation assignment => assignment.Target.Variable(),
            _ => null,
        };
    }

    /// <summary>Whether a call empties gradients: <c>zero_grad()</c> of a module or an optimizer, or <c>grad.zero_()</c>.</summary>
    public static bool EmptiesGradients(this IInvocationOperation call) => call.TargetMethod.Name is "zero_grad" || (call.TargetMethod.Name == "zero_" && call.Instance is IPropertyReferenceOperation { Property.Name: "grad" });

    /// <summary>
    /// Whether a call may do anything with the gradients of a model, out of sight: a method of the user's own that is no forward pass, and that gets a module, an optimizer or a tensor, belongs to the
    /// class itself, or has a name that says so.
    /// </summary>
    public static bool MayTouchGradients(this TorchSymbols torch, IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (method.Locations.Any(location => location.IsInMetadata) && !torch.IsModule(method.ContainingType) && !torch.IsOptimizer(method.ContainingType))
        {
            return method.MethodKind == MethodKind.DelegateInvoke;
        }

        if (SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, torch.Torch.ContainingAssembly) || torch.IsForward(call))
        {
            return false;
        }

        return method.MethodKind is MethodKind.LocalFunction or MethodKind.DelegateInvoke
            || call.Instance is IInstanceReferenceOperation
            || call.Arguments.Any(argument => torch.IsModule(argument.Value.Bare().Type) || torch.IsOptimizer(argument.Value.Bare().Type) || torch.IsTensor(argument.Value.Bare().Type))
            || new[] { "zero", "grad", "backward", "step", "train", "fit", "optimi", "reset" }.Any(word => method.Name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);
    }
}
