using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SourceNet.Analyzers.Torch;

/// <summary>Numbers that are known though they are not literals.</summary>
internal static class KnownNumber
{
    /// <summary>The number that an operation always gives: a constant, or a variable that gets a constant once and nothing afterwards.</summary>
    public static double? Known(this IOperation operation)
    {
        if (operation.Number() is { } constant)
        {
            return constant;
        }

        return operation.Bare() is ILocalReferenceOperation { Local: { } local } && OnlyValue(local, operation) is { } value ? value.Number() : null;
    }

    /// <summary>The value that a local variable has from its declaration on; null if it is written again, or by reference.</summary>
    public static IOperation? OnlyValue(ILocalSymbol local, IOperation use)
    {
        IOperation? value = null;
        foreach (var operation in use.Root().Descendants())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation declarator when Is(declarator.Symbol):
                    value = declarator.GetVariableInitializer()?.Value;
                    break;
                case IAssignmentOperation { Target: ILocalReferenceOperation target } when Is(target.Local):
                case IIncrementOrDecrementOperation { Target: ILocalReferenceOperation counted } when Is(counted.Local):
                case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out, Value: ILocalReferenceOperation passed } when Is(passed.Local):
                case ITupleOperation { Parent: IDeconstructionAssignmentOperation } tuple when tuple.Elements.Any(element => element is ILocalReferenceOperation part && Is(part.Local)):
                    return null;
            }
        }

        return value;

        bool Is(ILocalSymbol other) => SymbolEqualityComparer.Default.Equals(other, local);
    }
}
