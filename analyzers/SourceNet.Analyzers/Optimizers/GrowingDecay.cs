using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Optimizers;

/// <summary>SN2008: a decay that makes weights grow, because the optimizer turns it around together with the gradient.</summary>
public sealed class GrowingDecay() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN2008",
        "Weight decay grows the weights under maximize",
        "With maximize, {0} adds weight_decay to a gradient that it follows upwards: the weights grow. Minimize the negative objective instead.",
        RuleCategory.Optimizers,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "TorchSharp's SGD adds the decay to the gradient and then goes along both when it maximizes. PyTorch turns the gradient around first.",
        RuleDocumentation.Link("SN2008"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Call(method => method.Name == "SGD" && torch.IsOptimizerFactory(method), (operation, call) =>
        {
            if (call.TargetMethod.Name == "SGD"
                && torch.IsOptimizerFactory(call)
                && call.ExplicitArgument("maximize") is { Value.ConstantValue: { HasValue: true, Value: true } } maximize
                && call.ExplicitArgument("weight_decay")?.Value.ConstantNumber() > 0)
            {
                operation.ReportDiagnostic(Diagnostic.Create(s_rule, maximize.Syntax.GetLocation(), call.TargetMethod.Name));
            }
        });
    }
}
