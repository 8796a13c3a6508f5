using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Optimizers;

/// <summary>How a learning-rate scheduler is made and used: SN2015 (it resumes on a fresh optimizer) and SN2016 (nobody steps it).</summary>
public sealed class SchedulerUse() : Rule(s_resumed, s_idle)
{
    private static readonly DiagnosticDescriptor s_resumed = new(
        "SN2015",
        "A scheduler resumes on a fresh optimizer",
        "With last_epoch: {0} the schedule resumes in its middle, but '{1}' is new and has no initial rate of before: training starts from a wrong rate. "
            + "Leave last_epoch out.",
        RuleCategory.Optimizers,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "last_epoch is for a scheduler that goes on where a saved optimizer stopped.",
        RuleDocumentation.Link("SN2015"));

    private static readonly DiagnosticDescriptor s_idle = new(
        "SN2016",
        "A scheduler is never stepped",
        "Nobody steps this scheduler: the learning rate never changes. Call step() after each epoch or batch.",
        RuleCategory.Optimizers,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "A scheduler changes the rate when it is stepped, and only then.",
        RuleDocumentation.Link("SN2016"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Call(method => method.ContainingType is { Name: "lr_scheduler" }, (operation, call) =>
        {
            if (torch.IsScheduler(call.Type) && call.TargetMethod.ContainingType is { Name: "lr_scheduler" })
            {
                Resumed(operation, call, torch);
                Idle(operation, call);
            }
        });
    }

    private static void Resumed(OperationAnalysisContext context, IInvocationOperation scheduler, TorchSymbols torch)
    {
        if (scheduler.ExplicitArgument("last_epoch") is { } epoch
            && epoch.Value.ConstantNumber() >= 0
            && scheduler.Arguments.Select(argument => argument.Value.WalkDownConversions()).FirstOrDefault(value => torch.IsOptimizer(value.Type))
                is ILocalReferenceOperation { Local: { } optimizer } read
            && read.LocalDefinition() is IInvocationOperation made
            && torch.IsOptimizerFactory(made)
            && !scheduler.Body()
                .InOrder()
                .OfType<ILocalReferenceOperation>()
                .TakeWhile(one => one.Syntax.SpanStart < scheduler.Syntax.SpanStart)
                .Any(one => SymbolEqualityComparer.Default.Equals(one.Local, optimizer)))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_resumed, epoch.Syntax.GetLocation(), epoch.Value.Syntax.ToString(), optimizer.Name));
        }
    }

    private static void Idle(OperationAnalysisContext context, IInvocationOperation scheduler)
    {
        var value = scheduler.Parent is IConversionOperation conversion ? conversion.Parent : scheduler.Parent;
        var isIdle = value switch
        {
            IExpressionStatementOperation or IAssignmentOperation { Target: IDiscardOperation } => true,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => !IsUsed(declarator.Symbol, scheduler),
            _ => false,
        };
        if (isIdle)
        {
            context.ReportDiagnostic(
                Diagnostic.Create(
                    s_idle,
                    scheduler.Syntax is InvocationExpressionSyntax invocation ? invocation.Expression.GetLocation() : scheduler.Syntax.GetLocation()));
        }
    }

    /// <summary>Whether a variable is read for anything but a property.</summary>
    private static bool IsUsed(ILocalSymbol variable, IOperation scheduler) =>
        BodyFacts.Around(scheduler).References(variable).Any(read => read.Parent is not IPropertyReferenceOperation);
}
