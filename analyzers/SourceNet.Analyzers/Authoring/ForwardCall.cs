using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Authoring;

/// <summary>SN5011: <c>forward(...)</c> of a module, which skips the hooks that <c>call(...)</c> runs.</summary>
public sealed class ForwardCall() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN5011",
        "forward skips the hooks",
        "forward runs no hooks. Write call, which runs them and then forward.",
        RuleCategory.Authoring,
        DiagnosticSeverity.Hidden,
        isEnabledByDefault: true,
        "call runs the hooks before and after forward, as calling a module does in PyTorch.",
        RuleDocumentation.Link("SN5011"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Call(method => method is { Name: "forward", IsStatic: false } && torch.IsModule(method.ContainingType), (operation, call) =>
        {
            if (call is { TargetMethod: { Name: "forward", IsStatic: false }, Instance: not (null or IInstanceReferenceOperation) }
                && torch.IsModule(call.TargetMethod.ContainingType)
                && call.Syntax is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: var name } })
            {
                operation.ReportDiagnostic(Diagnostic.Create(s_rule, name.GetLocation()));
            }
        });
    }
}
