using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Optimizers;

/// <summary>SN2001: Adam and its relatives with weight decay, which they add to the gradient and then rescale by its second moment.</summary>
public sealed class CoupledDecay() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN2001",
        "Adam rescales its weight decay",
        "{0} adds weight_decay to the gradient and divides it by the gradient's size: weights with large gradients hardly decay. {1}.",
        RuleCategory.Optimizers,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Adam, NAdam, RAdam and Adamax couple weight decay with the gradient, which their second moment then rescales. AdamW decays each weight by the same "
            + "share (Loshchilov and Hutter 2019).",
        RuleDocumentation.Link("SN2001"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Call(
            method => IsCoupled(method.Name) && torch.IsOptimizerFactory(method),
            (operation, call) => Report(operation, call.TargetMethod.Name, call.ExplicitArgument("weight_decay")));
        on.Creation(
            type => type is { Name: "ParamGroup", ContainingType: { } optimizer } && IsCoupled(optimizer.Name) && torch.IsOptimizer(optimizer),
            (operation, group) => Report(operation, group.Type!.ContainingType.Name, group.ExplicitArgument("weight_decay")));
    }

    private static bool IsCoupled(string optimizer) => optimizer is "Adam" or "NAdam" or "RAdam" or "Adamax";

    private static void Report(OperationAnalysisContext context, string optimizer, IArgumentOperation? decay)
    {
        if (decay is not null && decay.Value.ConstantNumber() is not (null or 0))
        {
            var instead = optimizer switch
            {
                "Adam" => "Use AdamW, which decays every weight by the same share",
                "NAdam" => "Use AdamW or SourceNet's RegularizedNAdam, or leave weight_decay at 0",
                _ => "Use AdamW, or leave weight_decay at 0",
            };
            context.ReportDiagnostic(Diagnostic.Create(s_rule, decay.Syntax.GetLocation(), optimizer, instead));
        }
    }
}
