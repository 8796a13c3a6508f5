using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Optimizers;

/// <summary>SN2012: a declared regularizer that nothing applies, because the optimizer or the loss is another one.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BypassedRegularizerAnalyzer : TorchAnalyzer
{
    private static readonly HashSet<string> s_ofOptimizer =
        ["WeightDecayAttribute", "L1Attribute", "ElasticNetAttribute", "MaxNormAttribute", "UnitNormAttribute", "NonNegativeAttribute", "OrthogonalAttribute", "GradientClipAttribute"];

    private static readonly HashSet<string> s_ofLoss = ["LabelSmoothingAttribute", "L2Attribute"];

    private static readonly DiagnosticDescriptor s_rule = new(
        "SN2012",
        "A declared regularizer is bypassed",
        "{0} declares [{1}], which {2} knows nothing of: it is not applied. Use {3}.",
        RuleCategory.Optimizers,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Regularizers on weights act in the optimizer that CreateOptimizer makes; label smoothing and penalties in the model's Loss.",
        RuleDocumentation.Link("SN2012"));

    public BypassedRegularizerAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Register(CompilationStartAnalysisContext context, TorchSymbols torch) =>
        context.RegisterOperationAction(
            operation =>
            {
                var call = (IInvocationOperation)operation.Operation;
                if (torch.IsOptimizerFactory(call))
                {
                    Optimizer(operation, call, torch);
                }
                else if (IsLoss(call, torch))
                {
                    Loss(operation, call, torch);
                }
            },
            OperationKind.Invocation);

    private static void Optimizer(OperationAnalysisContext context, IInvocationOperation call, TorchSymbols torch)
    {
        if (torch.ParametersOf(call)?.Instance is { Type: { } model } instance && Declared(model, s_ofOptimizer) is { } regularizer)
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, call.Syntax.GetLocation(), model.Name, regularizer, call.TargetMethod.Name, $"{instance.Syntax}.CreateOptimizer(...)"));
        }
    }

    private static void Loss(OperationAnalysisContext context, IInvocationOperation call, TorchSymbols torch)
    {
        if (call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value is { } logits
            && Value(logits) is IInvocationOperation forward
            && torch.IsForward(forward)
            && forward.Instance is { Type: { } model } instance
            && Declared(model, s_ofLoss) is { } regularizer
            && IsTrainedWith(call, torch))
        {
            var loss = call.TargetMethod.Name is "forward" or "call" ? call.Instance!.Type!.Name : call.TargetMethod.Name;
            context.ReportDiagnostic(Diagnostic.Create(s_rule, call.Syntax.GetLocation(), model.Name, regularizer, loss, $"{instance.Syntax}.Loss(...)"));
        }
    }

    private static bool IsLoss(IInvocationOperation call, TorchSymbols torch) =>
        (torch.IsForward(call) && TorchSymbols.IsLoss(call.Instance?.Type))
        || torch.IsFunctional(call, "cross_entropy")
        || torch.IsFunctional(call, "nll_loss")
        || torch.IsFunctional(call, "mse_loss")
        || torch.IsFunctional(call, "binary_cross_entropy_with_logits");

    /// <summary>The first regularizer of a declared model that belongs to a group.</summary>
    private static string? Declared(ITypeSymbol model, HashSet<string> group) =>
        DeclaredModel.Is(model) && DeclaredModel.Attributes(model).FirstOrDefault(group.Contains) is { } name ? name.Substring(0, name.Length - "Attribute".Length) : null;

    private static IOperation Value(IOperation operation)
    {
        var bare = operation.Bare();
        return bare is ILocalReferenceOperation local && KnownNumber.OnlyValue(local.Local, local)?.Bare() is { } value ? value : bare;
    }

    /// <summary>Whether a backward pass starts from the loss. One that is only looked at, as in a validation, may be any.</summary>
    private static bool IsTrainedWith(IInvocationOperation loss, TorchSymbols torch)
    {
        if (loss.Parent is IInvocationOperation next && torch.IsBackward(next))
        {
            return true;
        }

        return loss.Kept() is { } kept && loss.Body().Calls().Any(call => torch.IsBackward(call) && SymbolEqualityComparer.Default.Equals(call.Instance.Variable(), kept));
    }
}
