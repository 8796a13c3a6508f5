using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Mode;

/// <summary>SN1005: a gradient scope that nobody can close.</summary>
public sealed class OpenGradientScope() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN1005",
        "A gradient scope is never closed",
        "The result of {0}() is never disposed: gradients stay as it sets them on this thread, also for the training that follows. Write `using var _ = "
            + "torch.{0}()`.",
        RuleCategory.Mode,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "no_grad() and its relatives change the state of the thread when they are called, and change it back when their result is disposed.",
        RuleDocumentation.Link("SN1005"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Call(method => SymbolEqualityComparer.Default.Equals(method.ContainingType, torch.Torch), (operation, call) =>
        {
            if (torch.GradientsSet(call) is not null && IsDropped(call))
            {
                operation.ReportDiagnostic(Diagnostic.Create(s_rule, call.Syntax.GetLocation(), call.TargetMethod.Name));
            }
        });
    }

    private static bool IsDropped(IInvocationOperation call)
    {
        IOperation value = call;
        while (value.Parent is IConversionOperation or IParenthesizedOperation)
        {
            value = value.Parent;
        }

        return value.Parent switch
        {
            // set_grad_enabled(flag) alone is a way to switch for good, which PyTorch knows as a statement too.
            IExpressionStatementOperation => call.TargetMethod.Name != "set_grad_enabled",
            IAssignmentOperation { Target: IDiscardOperation } => true,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => !IsUsing(declarator) && IsNeverRead(declarator),
            _ => false,
        };
    }

    private static bool IsUsing(IVariableDeclaratorOperation declarator) => declarator.Parent?.Parent?.Parent is IUsingDeclarationOperation or IUsingOperation;

    private static bool IsNeverRead(IVariableDeclaratorOperation declarator) =>
        BodyFacts.Around(declarator).References(declarator.Symbol).Count == 0;
}
