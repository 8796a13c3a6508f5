using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Optimizers;

/// <summary>How a learning-rate scheduler is made and used: SN2015 (it resumes on a fresh optimizer) and SN2016 (nobody steps it).</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SchedulerAnalyzer : TorchAnalyzer
{
    private static readonly DiagnosticDescriptor s_resumed = new(
        "SN2015",
        "A scheduler resumes on a fresh optimizer",
        "With last_epoch: {0} the schedule resumes in its middle, but '{1}' is new and has no initial rate of before: training starts from a wrong rate. Leave last_epoch out.",
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

    public SchedulerAnalyzer()
        : base(s_resumed, s_idle)
    {
    }

    private protected override void Register(CompilationStartAnalysisContext context, TorchSymbols torch) =>
        context.RegisterOperationAction(
            operation =>
            {
                var call = (IInvocationOperation)operation.Operation;
                if (torch.IsScheduler(call.Type) && call.TargetMethod.ContainingType is { Name: "lr_scheduler" })
                {
                    Resumed(operation, call, torch);
                    Idle(operation, call);
                }
            },
            OperationKind.Invocation);

    private static void Resumed(OperationAnalysisContext context, IInvocationOperation scheduler, TorchSymbols torch)
    {
        if (scheduler.Stated("last_epoch") is { } epoch
            && epoch.Value.Known() >= 0
            && scheduler.Arguments.FirstOrDefault(argument => torch.IsOptimizer(argument.Value.Bare().Type))?.Value.Bare() is ILocalReferenceOperation { Local: { } optimizer } read
            && KnownNumber.OnlyValue(optimizer, read)?.Bare() is IInvocationOperation made
            && torch.IsOptimizerFactory(made)
            && !scheduler.Body().InOrder().OfType<ILocalReferenceOperation>().TakeWhile(one => one.Syntax.SpanStart < scheduler.Syntax.SpanStart).Any(one => SymbolEqualityComparer.Default.Equals(one.Local, optimizer)))
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
            context.ReportDiagnostic(Diagnostic.Create(s_idle, scheduler.Syntax is InvocationExpressionSyntax invocation ? invocation.Expression.GetLocation() : scheduler.Syntax.GetLocation()));
        }
    }

    /// <summary>Whether a variable is read for anything but a property.</summary>
    private static bool IsUsed(ILocalSymbol variable, IOperation scheduler) =>
        scheduler.Root().Descendants().OfType<ILocalReferenceOperation>().Any(read => SymbolEqualityComparer.Default.Equals(read.Local, variable) && read.Parent is not IPropertyReferenceOperation);
}
