using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Authoring;

/// <summary>SN5010: a write into the memory of a tensor between the forward pass that used it and its <c>backward()</c>.</summary>
public sealed class UnrecordedWrite() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN5010",
        "A write between forward and backward that autograd does not see",
        "This writes into '{0}' after the forward pass used it and before backward(): autograd does not notice and takes the new value for the old one. "
            + "Write after backward().",
        RuleCategory.Authoring,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Autograd keeps the tensors of the forward pass and counts the operators that change them. A write through data<T>() or bytes is not counted.",
        RuleDocumentation.Link("SN5010"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Operation(
            operation =>
            {
                var assignment = (IAssignmentOperation)operation.Operation;
                if (Written(torch, assignment.Target).Variable() is { } tensor
                    && LastUse(torch, assignment, tensor) is { } use
                    && IsTracked(torch, assignment, tensor))
                {
                    var severity = NeedsItsValue(use, tensor) ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info;
                    operation.ReportDiagnostic(Diagnostic.Create(s_rule, assignment.Target.Syntax.GetLocation(), severity, null, null, tensor.Name));
                }
            },
            OperationKind.SimpleAssignment,
            OperationKind.CompoundAssignment);
    }

    /// <summary>The tensor whose memory an assignment writes: <c>w.data&lt;float&gt;()[0] = ...</c> or <c>w.bytes = ...</c>.</summary>
    private static IOperation? Written(TorchSymbols torch, IOperation target) => target is not IPropertyReferenceOperation property ? null : property switch
    {
        { Property.Name: "bytes" } when torch.IsTensor(property.Property.ContainingType) => property.Instance,
        { Property.IsIndexer: true, Instance: { } accessor }
            when accessor.LocalDefinition() is IInvocationOperation { TargetMethod.Name: "data" } data && torch.IsTensor(data.TargetMethod.ContainingType) =>
            data.Instance,
        _ => null,
    };

    /// <summary>Whether a tensor is a parameter, or a local that asked for its gradient.</summary>
    private static bool IsTracked(TorchSymbols torch, IOperation place, ISymbol tensor) => tensor switch
    {
        ILocalSymbol local => torch.IsParameter(local.Type)
            || (BodyFacts.Around(place).OnlyValue(local)?.WalkDownConversions() as IInvocationOperation)?.ExplicitArgument("requires_grad")
                is { Value.ConstantValue: { HasValue: true, Value: true } },
        IFieldSymbol field => torch.IsParameter(field.Type),
        IParameterSymbol parameter => torch.IsParameter(parameter.Type),
        _ => false,
    };

    /// <summary>The use of the tensor that is the last thing before the write, where the next after it is a <c>backward()</c>, all in one block.</summary>
    private static IOperation? LastUse(TorchSymbols torch, IOperation write, ISymbol tensor)
    {
        var block = Block(write);
        if (block is null)
        {
            return null;
        }

        var events = block.Descendants().Where(operation => (IsUse(operation, tensor) || IsBackward(torch, operation)) && Block(operation) == block).ToList();
        var before = events.LastOrDefault(operation => operation.Syntax.Span.End <= write.Syntax.SpanStart);
        var after = events.FirstOrDefault(operation => operation.Syntax.SpanStart >= write.Syntax.Span.End);
        return before is not null && IsUse(before, tensor) && after is not null && IsBackward(torch, after) ? before : null;
    }

    /// <summary>
    /// Whether the gradient certainly depends on the tensor's own value: of <c>w * w</c>, of <c>x / w</c>, of a curved function.
    /// That of <c>w * x</c> needs it only if x has a gradient too, and that of <c>w + x</c> never.
    /// </summary>
    private static bool NeedsItsValue(IOperation use, ISymbol tensor)
    {
        while (use.Parent is IConversionOperation)
        {
            use = use.Parent;
        }

        return use.Parent switch
        {
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Multiply } product =>
                IsSame(product.LeftOperand, tensor) && IsSame(product.RightOperand, tensor),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Divide } quotient => quotient.RightOperand == use,
            IInvocationOperation
            {
                TargetMethod.Name: "pow" or "square" or "log" or "log2" or "log10" or "log1p" or "sin" or "cos" or "abs" or "silu" or "gelu"
            } call =>
                call.Instance == use,
            _ => false,
        };
    }

    private static bool IsSame(IOperation operand, ISymbol tensor) => SymbolEqualityComparer.Default.Equals(operand.Variable(), tensor);

    private static bool IsBackward(TorchSymbols torch, IOperation operation) => operation is IInvocationOperation call && torch.IsBackward(call);

    /// <summary>Whether a tensor goes into an operator or a call, which may keep it for the backward pass.</summary>
    private static bool IsUse(IOperation operation, ISymbol tensor) =>
        operation is ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation
        && SymbolEqualityComparer.Default.Equals(operation.Variable(), tensor)
        && operation.Parent switch
        {
            IInvocationOperation call => call.TargetMethod.Name != "data",
            IConversionOperation or IArgumentOperation or IBinaryOperation or IUnaryOperation => true,
            _ => false,
        };

    private static IBlockOperation? Block(IOperation operation)
    {
        var parent = operation.Parent;
        while (parent is not (null or IBlockOperation or IAnonymousFunctionOperation or ILocalFunctionOperation))
        {
            parent = parent.Parent;
        }

        return parent as IBlockOperation;
    }
}
