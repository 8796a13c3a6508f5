using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Mode;

/// <summary>SN1007: attention with a dropout rate that does not depend on the mode.</summary>
public sealed class AttentionDropout() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN1007",
        "Attention drops in eval mode too",
        "scaled_dot_product_attention drops with p = {0} in eval mode too: it does not know the module's mode. Write `training ? {0} : 0`.",
        RuleCategory.Mode,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "scaled_dot_product_attention is a function: it drops with the rate that it gets, in any mode.",
        RuleDocumentation.Link("SN1007"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Call(["scaled_dot_product_attention"], (operation, call) =>
        {
            if (torch.IsFunctional(call, "scaled_dot_product_attention")
                && torch.IsModule(operation.ContainingSymbol.ContainingType)
                && call.ExplicitArgument("p") is { } rate
                && rate.Value.Number() > 0)
            {
                operation.ReportDiagnostic(
                    Diagnostic.Create(s_rule, rate.Value.Syntax.GetLocation(), ImmutableDictionary<string, string?>.Empty, rate.Value.Syntax.ToString()));
            }
        });
    }
}
