using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Mode;

/// <summary>What becomes of the result of a forward pass.</summary>
internal static class EscapeAnalysis
{
    private static readonly HashSet<string> s_shape = ["shape", "size", "numel", "ndim", "dim", "Dimensions", "NumberOfElements"];

    /// <summary>Whether others may get hold of the result, and go backward through it: it is returned, kept in a field, captured or handed on.</summary>
    public static bool Leaves(IInvocationOperation forward, MethodBody body, TorchSymbols torch, CancellationToken cancellation) =>
        Find(forward, body, cancellation) is not { } result || Uses(result).Any(use => Escapes(use, torch));

    /// <summary>Whether constant numbers run, and only the shape of the result is asked for.</summary>
    public static bool IsShapeOnly(IInvocationOperation forward, MethodBody body, TorchSymbols torch, CancellationToken cancellation)
    {
        if (forward.Arguments.Length != 1
            || Find(forward, body, cancellation) is not IInvocationOperation result
            || !BatchShape.IsMadeUp(result.Arguments[0].Value, torch))
        {
            return false;
        }

        var uses = Uses(result).ToList();
        return uses.Count > 0 && uses.All(use => use.Parent switch
        {
            IPropertyReferenceOperation property => s_shape.Contains(property.Property.Name),
            IInvocationOperation call => call.Instance == use && s_shape.Contains(call.TargetMethod.Name),
            _ => false,
        });
    }

    /// <summary>The operation as it stands in the source: those of a graph do not know what is around them.</summary>
    private static IOperation? Find(IOperation operation, MethodBody body, CancellationToken cancellation) =>
        body.Root.SemanticModel?.GetOperation(operation.Syntax, cancellation);

    /// <summary>The places that read a result: itself, or the local variable that keeps it.</summary>
    private static IEnumerable<IOperation> Uses(IOperation result)
    {
        var kept = result.Parent is IConversionOperation conversion ? conversion : result;
        return kept.Parent switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => BodyFacts.Around(result).References(declarator.Symbol),
            _ => [kept],
        };
    }

    private static bool Escapes(IOperation use, TorchSymbols torch)
    {
        // Through what gives tensors again: y.argmax(1).mean()
        while (use.Parent is { } parent)
        {
            switch (parent)
            {
                case IConversionOperation or IParenthesizedOperation or IArgumentOperation:
                    use = parent;
                    continue;
                case IInvocationOperation call when torch.IsOfTorchSharp(call.TargetMethod):
                    if (!torch.IsTensor(call.Type) && !torch.IsModule(call.Type))
                    {
                        return false;
                    }

                    use = parent;
                    continue;
                case IPropertyReferenceOperation property:
                    if (!torch.IsTensor(property.Type))
                    {
                        return false;
                    }

                    use = parent;
                    continue;
                case IBinaryOperation or IFieldReferenceOperation { Field.ContainingType.IsTupleType: true }:
                    use = parent;
                    continue;
                default:
                    return parent is not (IExpressionStatementOperation or IUsingOperation);
            }
        }

        return true;
    }
}
