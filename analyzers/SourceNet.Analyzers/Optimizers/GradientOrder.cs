using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Optimizers;

/// <summary>
/// The order of a training step: SN2009 (nothing empties the gradients) and SN2010 (a step without new gradients, or a scheduler before the optimizer).
/// </summary>
public sealed class GradientOrder() : Rule(s_neverEmptied, s_order)
{
    private static readonly DiagnosticDescriptor s_neverEmptied = new(
        "SN2009",
        "Gradients are never emptied",
        "Nothing in this loop empties the gradients: each backward() adds to those of all batches before. Call {0}.zero_grad() before backward().",
        RuleCategory.Optimizers,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "backward() adds to the gradients that are there. Without zero_grad() each step follows the sum over all batches so far.",
        RuleDocumentation.Link("SN2009"));

    private static readonly DiagnosticDescriptor s_order = new(
        "SN2010",
        "A step comes at the wrong place",
        "{0}",
        RuleCategory.Optimizers,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A training step is: empty the gradients, forward, backward(), optimizer.step(); and scheduler.step() after the optimizer's.",
        RuleDocumentation.Link("SN2010"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Call(method => torch.IsOptimizerStep(method) || torch.IsSchedulerStep(method) || torch.IsBackward(method), (operation, call) =>
        {
            if (IsBareStep(call, torch))
            {
                Step(operation, call, torch);
            }
            else if (torch.IsSchedulerStep(call.TargetMethod))
            {
                Scheduler(operation, call, torch);
            }
            else if (torch.IsBackward(call))
            {
                Backward(operation, call, torch);
            }
        });
    }

    private static void Step(OperationAnalysisContext context, IInvocationOperation step, TorchSymbols torch)
    {
        var owner = step.Body();
        if (IsUnsure(owner))
        {
            return;
        }

        var calls = owner.Calls().ToList();
        if (OutOfPlace(step, torch) is { } message)
        {
            Report(context, s_order, step, message);
        }
        else if (
            step.LoopsAround().Any()
                && !calls.Any(call => torch.IsBackward(call) || torch.MayTouchGradients(call) || call.TargetMethod.ContainingType.Name == "autograd")
                && !WritesGradients(owner))
        {
            Report(
                context,
                s_order,
                step,
                "No backward() comes before this step: there are no gradients, and no weight changes. Call backward() on the loss first.");
        }
    }

    private static void Backward(OperationAnalysisContext context, IInvocationOperation backward, TorchSymbols torch)
    {
        var owner = backward.Body();
        if (!backward.LoopsAround().Any() || IsUnsure(owner))
        {
            return;
        }

        // The loop that repeats both: gradients of one turn are still there in the next.
        var calls = owner.Calls().ToList();
        var step = calls.FirstOrDefault(call => IsBareStep(call, torch) && call.LoopsAround().Intersect(backward.LoopsAround()).Any());
        if (step is not null && !calls.Any(call => call.EmptiesGradients() || torch.MayTouchGradients(call)) && !WritesGradients(owner))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_neverEmptied,
                Name(backward).GetLocation(),
                ImmutableDictionary<string, string?>.Empty.Add("optimizer", step.Instance?.Syntax.ToString()),
                step.Instance?.Syntax.ToString() ?? "optimizer"));
        }
    }

    /// <summary>A step without a closure, which would do everything itself.</summary>
    private static bool IsBareStep(IInvocationOperation call, TorchSymbols torch) =>
        torch.IsOptimizerStep(call) && call.Arguments.All(argument => argument.ArgumentKind == ArgumentKind.DefaultValue);

    /// <summary>What cannot be resolved may be the very call that is missed.</summary>
    private static bool IsUnsure(IOperation owner) => owner.InOrder().Any(operation => operation is IInvalidOperation or IDynamicInvocationOperation);

    /// <summary>What is wrong where the calls of a step stand in one block in a wrong order.</summary>
    private static string? OutOfPlace(IInvocationOperation step, TorchSymbols torch)
    {
        if (step.Parent is not IExpressionStatementOperation { Parent: IBlockOperation block } || !step.LoopsAround().Any())
        {
            return null;
        }

        var calls = block.Operations.OfType<IExpressionStatementOperation>().Select(statement => statement.Operation).OfType<IInvocationOperation>().ToList();
        var place = calls.IndexOf(step);
        var before = calls.Take(place).ToList();
        var others = block.Operations.SelectMany(statement => statement.InOrder().Prepend(statement))
            .OfType<IInvocationOperation>()
            .Where(call => !calls.Contains(call))
            .ToList();
        if (others.Any(call => torch.IsBackward(call) || call.EmptiesGradients() || torch.MayTouchGradients(call)) || before.Any(torch.MayTouchGradients))
        {
            return null;
        }

        var backward = before.FindLastIndex(torch.IsBackward);
        var emptied = before.FindLastIndex(
            call => call.EmptiesGradients() && (torch.IsModule(call.Instance?.Type) || OptimizerCalls.IsSameVariable(call.Instance, step.Instance)));
        if (backward >= 0 && emptied > backward)
        {
            return "zero_grad() between backward() and this step throws the gradients away: no weight changes. Call it before backward().";
        }

        return backward < 0 && emptied >= 0 && calls.Skip(place).Any(torch.IsBackward)
            ? "backward() comes after this step, and zero_grad() before it: the step never sees a gradient. Step after backward()."
            : null;
    }

    /// <summary>A scheduler that steps before the optimizer does for the first time takes the first rate away.</summary>
    private static void Scheduler(OperationAnalysisContext context, IInvocationOperation scheduler, TorchSymbols torch)
    {
        if (scheduler.Parent is not IExpressionStatementOperation { Parent: IBlockOperation block } statement || !scheduler.LoopsAround().Any())
        {
            return;
        }

        var place = block.Operations.IndexOf(statement);
        var before = block.Operations.Take(place).SelectMany(one => one.InOrder().Prepend(one)).OfType<IInvocationOperation>().ToList();
        var after = block.Operations.Skip(place + 1).SelectMany(one => one.InOrder().Prepend(one)).OfType<IInvocationOperation>().ToList();
        if (before.Any(call => torch.IsOptimizerStep(call) || torch.MayTouchGradients(call)) || after.FirstOrDefault(torch.IsOptimizerStep) is not { } step)
        {
            return;
        }

        // A loop around that steps the optimizer before it comes here is in order.
        var owner = scheduler.Body();
        if (owner.Calls().TakeWhile(call => call != scheduler).Any(torch.IsOptimizerStep) || IsOfAnother(scheduler, step, owner, torch))
        {
            return;
        }

        Report(
            context,
            s_order,
            scheduler,
            "The scheduler steps before the optimizer has: the first learning rate is skipped. Step the scheduler after the optimizer.");
    }

    /// <summary>Whether the scheduler was made for another optimizer than the one that steps.</summary>
    private static bool IsOfAnother(IInvocationOperation scheduler, IInvocationOperation step, IOperation owner, TorchSymbols torch) =>
        scheduler.Instance?.LocalDefinition() is IInvocationOperation made
        && made.Arguments.FirstOrDefault(argument => torch.IsOptimizer(argument.Value.WalkDownConversions().Type)) is { } optimizer
        && !OptimizerCalls.IsSameVariable(optimizer.Value, step.Instance);

    private static bool WritesGradients(IOperation owner) =>
        owner.InOrder().OfType<IAssignmentOperation>().Any(assignment => assignment.Target is IPropertyReferenceOperation { Property.Name: "grad" });

    private static SyntaxNode Name(IInvocationOperation call) =>
        call.Syntax is Microsoft.CodeAnalysis.CSharp.Syntax.InvocationExpressionSyntax invocation ? invocation.Expression : call.Syntax;

    private static void Report(OperationAnalysisContext context, DiagnosticDescriptor rule, IInvocationOperation call, string message) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, Name(call).GetLocation(), message));
}
