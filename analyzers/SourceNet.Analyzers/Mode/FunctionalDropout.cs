using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Mode;

/// <summary>SN1006: a dropout function that is not told the mode.</summary>
public sealed class FunctionalDropout() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN1006",
        "A functional dropout does not follow the mode",
        "{0} without `training:` {1}. Write `training: training`, which follows the module's mode.",
        RuleCategory.Mode,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The parameter `training` of a dropout function defaults to true, and that of the alpha dropouts to false. A function does not know the mode of the "
            + "module that calls it.",
        RuleDocumentation.Link("SN1006"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Call(torch.IsFunctional, (operation, call) =>
        {
            var method = call.TargetMethod;
            if (method.Name is not ("dropout" or "dropout1d" or "dropout2d" or "dropout3d" or "alpha_dropout" or "feature_alpha_dropout")
                || !torch.IsFunctional(call, method.Name)
                || call.ExplicitArgument("training") is not null
                || call.ExplicitArgument("p")?.Value.Number() is 0)
            {
                return;
            }

            // Outside of a module there is no mode to follow; but an alpha dropout that is off does nothing anywhere.
            var isOff = method.Name.EndsWith("alpha_dropout", StringComparison.Ordinal);
            if (isOff || torch.IsModule(operation.ContainingSymbol.ContainingType))
            {
                operation.ReportDiagnostic(
                    Diagnostic.Create(s_rule, call.Syntax.GetLocation(), method.Name, isOff ? "never drops anything" : "drops in eval mode too"));
            }
        });
    }
}
