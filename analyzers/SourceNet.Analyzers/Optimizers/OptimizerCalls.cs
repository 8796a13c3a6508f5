using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Optimizers;

/// <summary>What the rules about optimizers ask of the code around a call.</summary>
internal static class OptimizerCalls
{
    private static readonly string[] s_words = ["zero", "grad", "backward", "optimi", "reset", "clear"];

    /// <summary>Whether two operations read the same variable.</summary>
    public static bool IsSameVariable(IOperation? one, IOperation? other) =>
        one.Variable() is { } variable && SymbolEqualityComparer.Default.Equals(variable, other.Variable());

    /// <summary>The call of <c>parameters()</c> that an optimizer gets as it is, without groups.</summary>
    public static IInvocationOperation? ParametersOf(this TorchSymbols torch, IInvocationOperation optimizer) => ParametersIn(torch, optimizer.Arguments);

    /// <inheritdoc cref="ParametersOf(TorchSymbols, IInvocationOperation)"/>
    public static IInvocationOperation? ParametersOf(this TorchSymbols torch, IObjectCreationOperation optimizer) => ParametersIn(torch, optimizer.Arguments);

    /// <summary>Whether a call empties gradients: <c>zero_grad()</c> of a module or an optimizer, or <c>grad.zero_()</c>.</summary>
    public static bool EmptiesGradients(this IInvocationOperation call) =>
        call.TargetMethod.Name is "zero_grad" || (call.TargetMethod.Name == "zero_" && call.Instance is IPropertyReferenceOperation { Property.Name: "grad" });

    /// <summary>
    /// Whether a call may do anything with the gradients of a model, out of sight. A method of the same source that speaks of none cannot; one of another
    /// library can if it gets a module or an optimizer.
    /// </summary>
    public static bool MayTouchGradients(this TorchSymbols torch, IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, torch.Torch.ContainingAssembly) || torch.IsForward(call))
        {
            return false;
        }

        if (call.Arguments.Any(argument => torch.IsOptimizer(argument.Value.WalkDownConversions().Type)))
        {
            return true;
        }

        if (method.MethodKind == MethodKind.DelegateInvoke)
        {
            // A function gives a batch or a loss; an action is there for what it does.
            return method.ReturnsVoid
                || method.ReturnType.Name == "Task"
                || call.Arguments.Any(argument => torch.IsModule(argument.Value.WalkDownConversions().Type));
        }

        return method.DeclaringSyntaxReferences.IsEmpty
            ? call.Arguments.Any(argument => torch.IsModule(argument.Value.WalkDownConversions().Type))
            : method.DeclaringSyntaxReferences.Any(reference => SpeaksOfGradients(reference.GetSyntax()));
    }

    private static bool SpeaksOfGradients(SyntaxNode method) => method.DescendantTokens().Any(token =>
        token.ValueText is "zero_grad" or "grad" or "zero_" or "backward" or "step"
            || (token.Parent is IdentifierNameSyntax
            {
                Parent: InvocationExpressionSyntax or MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax }
            }
                && s_words.Any(word => token.ValueText.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0)));

    private static IInvocationOperation? ParametersIn(TorchSymbols torch, IEnumerable<IArgumentOperation> arguments) =>
        arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value.WalkDownConversions()
            is IInvocationOperation { TargetMethod.Name: "parameters" or "named_parameters" } parameters
            && torch.IsModule(parameters.TargetMethod.ContainingType)
            ? parameters
            : null;
}
