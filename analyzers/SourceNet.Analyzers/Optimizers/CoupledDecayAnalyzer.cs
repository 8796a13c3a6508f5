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

    private protected override void Register(CompilationStartAnalysisContext context, TorchSymbols torch)
    {
        context.RegisterOperationAction(
            operation =>
            {
                var call = (IInvocationOperation)operation.Operation;
                if (IsCoupled(call.TargetMethod.Name) && torch.IsOptimizerFactory(call))
                {
                    Report(operation, call.TargetMethod.Name, call.Stated("weight_decay"));
                }
            },
            OperationKind.Invocation);
        context.RegisterOperationAction(
            operation =>
            {
                var group = (IObjectCreationOperation)operation.Operation;
                if (group.Type is { Name: "ParamGroup", ContainingType: { } optimizer } && IsCoupled(optimizer.Name) && torch.IsOptimizer(optimizer))
                {
                    Report(operation, optimizer.Name, group.Stated("weight_decay"));
                }
            },
            OperationKind.ObjectCreation);
    }

    private static bool IsCoupled(string optimizer) => optimizer is "Adam" or "NAdam" or "RAdam" or "Adamax";

    private static void Report(OperationAnalysisContext context, string optimizer, IArgumentOperation? decay)
    {
        if (decay is not null && decay.Value.Known() is not (null or 0))
        {
            var instead = optimizer == "Adam" ? "Use AdamW, which decays every weight by the same share" : "Use AdamW, or leave weight_decay at 0";
            context.ReportDiagnostic(Diagnostic.Create(s_rule, decay.Syntax.GetLocation(), optimizer, instead));
        }
    }
}
