using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Optimizers;

/// <summary>SN2001: Adam and its relatives with weight decay, which they add to the gradient and then rescale by its second moment.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CoupledDecayAnalyzer : TorchAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN2001",
        "Adam rescales its weight decay",
        "{0} adds weight_decay to the gradient and divides it by the gradient's size: weights with large gradients hardly decay. {1}.",
        RuleCategory.Optimizers,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Adam, NAdam, RAdam and Adamax couple weight decay with the gradient, which their second moment then rescales. AdamW decays each weight by the same share (Loshchilov and Hutter 2019).",
        RuleDocumentation.Link("SN2001"));

    public CoupledDecayAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Register(CompilationStartAnalysisContext context, TorchSymbols torch) =>
        context.RegisterOperationAction(
            operation =>
            {
                var call = (IInvocationOperation)operation.Operation;
                if (call.TargetMethod.Name is "Adam" or "NAdam" or "RAdam" or "Adamax"
                    && torch.IsOptimizerFactory(call)
                    && call.Stated("weight_decay") is { } decay
                    && decay.Value.Number() is not (null or 0))
                {
                    var name = call.TargetMethod.Name;
                    var instead = name == "Adam" ? "Use AdamW, which decays every weight by the same share" : "Use AdamW, or leave weight_decay at 0";
                    operation.ReportDiagnostic(Diagnostic.Create(s_rule, decay.Syntax.GetLocation(), name, instead));
                }
            },
            OperationKind.Invocation);
}
