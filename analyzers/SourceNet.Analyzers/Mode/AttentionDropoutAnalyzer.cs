using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Mode;

/// <summary>SN1007: attention with a dropout rate that does not depend on the mode.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AttentionDropoutAnalyzer : TorchAnalyzer
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

    public AttentionDropoutAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Register(CompilationStartAnalysisContext context, TorchSymbols torch) =>
        context.RegisterOperationAction(
            operation =>
            {
                var call = (IInvocationOperation)operation.Operation;
                if (torch.IsFunctional(call, "scaled_dot_product_attention")
                    && torch.IsModule(operation.ContainingSymbol.ContainingType)
                    && call.Stated("p") is { } rate
                    && rate.Value.Number() > 0)
                {
                    operation.ReportDiagnostic(Diagnostic.Create(s_rule, rate.Value.Syntax.GetLocation(), ImmutableDictionary<string, string?>.Empty, rate.Value.Syntax.ToString()));
                }
            },
            OperationKind.Invocation);
}
