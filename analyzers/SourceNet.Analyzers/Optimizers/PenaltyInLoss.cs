using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Optimizers;

/// <summary>A penalty of the weights in the loss: SN2005 (the optimizer decays them too) and SN2006 (an L1 penalty, which makes no zeros).</summary>
public sealed class PenaltyInLoss() : Rule(s_twice, s_noZeros)
{
    private static readonly DiagnosticDescriptor s_twice = new(
        "SN2005",
        "Weights decay twice",
        "The loss penalizes the squares of the weights, and the optimizer decays them by {0} too: twice the regularization that either says. Remove one.",
        RuleCategory.Optimizers,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A penalty of squares in the loss and a weight decay in the optimizer both pull the weights to zero.",
        RuleDocumentation.Link("SN2005"));

    private static readonly DiagnosticDescriptor s_noZeros = new(
        "SN2006",
        "An L1 penalty in the loss makes no zeros",
        "The gradient of |w| jumps at 0, so weights step back and forth over it and none becomes exactly 0. Use a proximal step: [L1], or RegularizedAdamW.",
        RuleCategory.Optimizers,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "Sparsity needs the proximal operator of the L1 norm, which a gradient step is not.",
        RuleDocumentation.Link("SN2006"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Call(method => method.Name is "abs" or "square" or "pow" && IsOfTensor(method, torch), (operation, _) => Analyze(operation, torch));
        on.Operation(operation => Analyze(operation, torch), OperationKind.Binary);
    }

    private static void Analyze(OperationAnalysisContext context, TorchSymbols torch)
    {
        if (Kind(context.Operation, torch) is not { } kind
            || Weights(context.Operation, torch) is not { } parameters
            || !IsTrainedWith(context.Operation, torch))
        {
            return;
        }

        if (kind == Penalty.Absolute)
        {
            context.ReportDiagnostic(Diagnostic.Create(s_noZeros, context.Operation.Syntax.GetLocation()));
            return;
        }

        var decay = context.Operation.Root().Descendants().OfType<IInvocationOperation>()
            .Where(
                call =>
                    torch.IsOptimizerFactory(call) && torch.ParametersOf(call) is { } same && OptimizerCalls.IsSameVariable(same.Instance, parameters.Instance))
            .Select(call => call.ExplicitArgument("weight_decay"))
            .FirstOrDefault(stated => stated?.Value.ConstantNumber() > 0);
        if (decay is not null)
        {
            context.ReportDiagnostic(
                Diagnostic.Create(s_twice, context.Operation.Syntax.GetLocation(), [decay.Syntax.GetLocation()], decay.Value.Syntax.ToString()));
        }
    }

    /// <summary>Whether an operation is the square or the size of a tensor.</summary>
    private static Penalty? Kind(IOperation operation, TorchSymbols torch) => operation switch
    {
        IInvocationOperation { TargetMethod.Name: "abs" } => Penalty.Absolute,
        IInvocationOperation { TargetMethod.Name: "square" } => Penalty.Square,
        IInvocationOperation { TargetMethod.Name: "pow" } call when call.Arguments.Any(argument => argument.Value.WalkDownConversions().Number() == 2) =>
            Penalty.Square,
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Multiply } binary
            when torch.IsTensor(binary.Type) && OptimizerCalls.IsSameVariable(binary.LeftOperand, binary.RightOperand) => Penalty.Square,
        _ => null,
    };

    private static bool IsOfTensor(IMethodSymbol method, TorchSymbols torch) =>
        torch.IsTensor(method.ContainingType) || SymbolEqualityComparer.Default.Equals(method.ContainingType, torch.Torch);

    /// <summary>The <c>model.parameters()</c> that the tensor is one of: by a loop or a lambda over it.</summary>
    private static IInvocationOperation? Weights(IOperation penalty, TorchSymbols torch)
    {
        var tensor = penalty switch
        {
            IInvocationOperation call => call.Instance ?? call.Arguments.FirstOrDefault()?.Value,
            IBinaryOperation binary => binary.LeftOperand,
            _ => null,
        };
        if (tensor.Variable() is not { } variable)
        {
            return null;
        }

        for (var outer = penalty.Parent; outer is not null; outer = outer.Parent)
        {
            switch (outer)
            {
                case IForEachLoopOperation loop when loop.Locals.Any(local => SymbolEqualityComparer.Default.Equals(local, variable)):
                    return Parameters(loop.Collection, torch);
                case IAnonymousFunctionOperation lambda
                    when lambda.Symbol.Parameters.Any(parameter => SymbolEqualityComparer.Default.Equals(parameter, variable)):
                    // model.parameters().Select(p => p.abs().sum())
                    return lambda.Parent is IDelegateCreationOperation
                    {
                        Parent: IArgumentOperation
                        {
                            Parent: IInvocationOperation
                            {
                                TargetMethod.Name: "Select" or "Sum" or "Aggregate"
                            } linq
                        }
                    }
                        ? Parameters(linq.Instance ?? linq.Arguments[0].Value, torch)
                        : null;
            }
        }

        return null;
    }

    private static IInvocationOperation? Parameters(IOperation sequence, TorchSymbols torch) => sequence.WalkDownConversions() switch
    {
        IInvocationOperation { TargetMethod.Name: "parameters" or "named_parameters" } parameters when torch.IsModule(parameters.TargetMethod.ContainingType) =>
            parameters,
        IInvocationOperation { TargetMethod.Name: "Where" or "Select" or "ToArray" or "ToList" } linq =>
            Parameters(linq.Instance ?? linq.Arguments[0].Value, torch),
        _ => null,
    };

    /// <summary>Whether the penalty goes into what a backward pass starts from, by way of one variable or two. One that is only written down is none.</summary>
    private static bool IsTrainedWith(IOperation penalty, TorchSymbols torch)
    {
        var root = penalty.Root();
        var trained = root.Descendants()
            .OfType<IInvocationOperation>()
            .Where(torch.IsBackward)
            .Select(call => call.Instance.Variable())
            .OfType<ISymbol>()
            .ToList();
        var reached = new List<ISymbol>();
        var next = Target(penalty);
        while (next is not null && reached.Count < 4)
        {
            reached.Add(next);
            if (trained.Contains(next, SymbolEqualityComparer.Default))
            {
                return true;
            }

            // loss = loss + penalty, total = loss + rate * penalty, ...
            var source = next;
            next = root.Descendants().OfType<ILocalReferenceOperation>()
                .Where(read => SymbolEqualityComparer.Default.Equals(read.Local, source))
                .Select(read => Target(read))
                .FirstOrDefault(target => target is not null && !reached.Contains(target, SymbolEqualityComparer.Default));
        }

        return false;
    }

    /// <summary>The variable that gets a value in the end: through sums, products and calls on tensors.</summary>
    private static ISymbol? Target(IOperation value)
    {
        for (var outer = value.Parent; outer is not null; outer = outer.Parent)
        {
            switch (outer)
            {
                case IVariableDeclaratorOperation declarator:
                    return declarator.Symbol;
                case IAssignmentOperation assignment:
                    return assignment.Target.Variable();
                case IBlockOperation when outer.Parent is not IAnonymousFunctionOperation:
                    return null;
            }
        }

        return null;
    }

    private enum Penalty
    {
        Square,
        Absolute,
    }
}
