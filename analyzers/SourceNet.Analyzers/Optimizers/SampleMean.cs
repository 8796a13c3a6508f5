using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Optimizers;

/// <summary>SN2017: means of batches, divided by the number of samples.</summary>
public sealed class SampleMean() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN2017",
        "Means of batches are divided by the number of samples",
        "'{0}' sums the means of batches; divided by the number of samples it is too small by the size of a batch. Divide by the number of batches, or add "
            + "loss times batch size.",
        RuleCategory.Optimizers,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "A loss is the mean over its batch unless its reduction says otherwise.",
        RuleDocumentation.Link("SN2017"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Operation(
            operation =>
            {
                if (operation.Operation is IBinaryOperation { OperatorKind: BinaryOperatorKind.Divide } division
                    && division.LeftOperand.Variable() is { } sum
                    && CountsSamples(division.RightOperand, division, torch)
                    && SumsMeans(sum, division, torch))
                {
                    operation.ReportDiagnostic(Diagnostic.Create(s_rule, division.Syntax.GetLocation(), sum.Name));
                }
            },
            OperationKind.Binary);
    }

    /// <summary>Whether a divisor is the number of samples: a count of a set, or a variable to which the loop adds the size of each batch.</summary>
    private static bool CountsSamples(IOperation divisor, IOperation division, TorchSymbols torch)
    {
        var bare = divisor.WalkDownConversions();
        if (bare is IPropertyReferenceOperation { Property.Name: "Count" or "Length" } count && count.Instance?.Syntax.ToString() is { } name)
        {
            return new[] { "dataset", "data_set", "samples", "images", "examples" }.Any(word => name.EndsWith(word, StringComparison.OrdinalIgnoreCase));
        }

        return bare.Variable() is { } counter && division.Body().InOrder().OfType<ICompoundAssignmentOperation>().Any(assignment =>
            SymbolEqualityComparer.Default.Equals(assignment.Target.Variable(), counter) && IsBatchSize(assignment.Value.WalkDownConversions(), torch));
    }

    /// <summary><c>x.shape[0]</c> or <c>x.size(0)</c></summary>
    private static bool IsBatchSize(IOperation value, TorchSymbols torch) => value switch
    {
        IArrayElementReferenceOperation { ArrayReference: IPropertyReferenceOperation { Property.Name: "shape" } shape, Indices: [var index] } =>
            torch.IsTensor(shape.Instance?.Type) && index.Number() is 0,
        IInvocationOperation { TargetMethod.Name: "size" } size => torch.IsTensor(size.Instance?.Type) && size.Arguments.FirstOrDefault()?.Value.Number() is 0,
        _ => false,
    };

    /// <summary>Whether a variable sums the items of losses that are means, as they are.</summary>
    private static bool SumsMeans(ISymbol sum, IOperation division, TorchSymbols torch) =>
        division.Body().InOrder().OfType<ICompoundAssignmentOperation>().Any(assignment =>
        assignment.OperatorKind == BinaryOperatorKind.Add
        && SymbolEqualityComparer.Default.Equals(assignment.Target.Variable(), sum)
        && assignment.LoopsAround().Any()
        && assignment.Value.WalkDownConversions() is IInvocationOperation { TargetMethod.Name: "item" or "ToSingle" or "ToDouble" } item
        && (item.Instance ?? item.Arguments.FirstOrDefault()?.Value)?.WalkDownConversions() is ILocalReferenceOperation loss
        && loss.LocalDefinition() is IInvocationOperation made
        && IsMean(made, torch));

    private static bool IsMean(IInvocationOperation loss, TorchSymbols torch)
    {
        if (torch.IsForward(loss) && TorchSymbols.IsLoss(loss.Instance?.Type))
        {
            return loss.Instance?.WalkDownConversions() is ILocalReferenceOperation criterion
                && criterion.LocalDefinition() is IInvocationOperation made
                && made.ExplicitArgument("reduction") is null;
        }

        return loss.TargetMethod.Name is "cross_entropy"
            or "nll_loss" or "mse_loss" or "l1_loss" or "binary_cross_entropy" or "binary_cross_entropy_with_logits" or "huber_loss"
            or "smooth_l1_loss"
            && torch.IsFunctional(loss, loss.TargetMethod.Name)
            && loss.ExplicitArgument("reduction") is null;
    }
}
