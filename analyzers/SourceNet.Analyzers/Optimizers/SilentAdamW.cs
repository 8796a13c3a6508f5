using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Optimizers;

/// <summary>SN2002: AdamW that decays nothing.</summary>
public sealed class SilentAdamW() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN2002",
        "AdamW without weight decay",
        "AdamW decays nothing here: weight_decay is 0 in TorchSharp where nothing is said, and 0.01 in PyTorch. State it, or use Adam.",
        RuleCategory.Optimizers,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "Weight decay is all that distinguishes AdamW from Adam.",
        RuleDocumentation.Link("SN2002"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Call(method => method.Name == "AdamW" && torch.IsOptimizerFactory(method), (operation, call) =>
        {
            if (call.TargetMethod.Name == "AdamW" && torch.IsOptimizerFactory(call) && call.ExplicitArgument("weight_decay") is null && !TakesGroups(call))
            {
                operation.ReportDiagnostic(
                    Diagnostic.Create(
                        s_rule,
                        call.Syntax is InvocationExpressionSyntax invocation ? invocation.Expression.GetLocation() : call.Syntax.GetLocation()));
            }
        });
    }

    /// <summary>Groups have decays of their own.</summary>
    private static bool TakesGroups(IInvocationOperation call) =>
        call.TargetMethod.Parameters[0].Type is INamedTypeSymbol { TypeArguments: [{ Name: "ParamGroup" }] };
}
