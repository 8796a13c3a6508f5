using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Facts;

/// <summary>What local variables stand for that get one value only.</summary>
internal static class LocalValues
{
    /// <summary>The number that an operation always gives: a constant, or a variable that gets a constant once and nothing afterwards.</summary>
    public static double? ConstantNumber(this IOperation operation) => operation.Number()
        ?? (operation.WalkDownConversions() is ILocalReferenceOperation local ? local.OnlyValue().Number() : null);

    /// <summary>The only value that the variable ever has; null if there are others.</summary>
    public static IOperation? OnlyValue(this ILocalReferenceOperation reference) => BodyFacts.Around(reference).OnlyValue(reference.Local);

    /// <summary>The operation without conversions; of a variable that has one value only, that value.</summary>
    public static IOperation LocalDefinition(this IOperation operation)
    {
        var bare = operation.WalkDownConversions();
        return bare is ILocalReferenceOperation local ? local.OnlyValue()?.WalkDownConversions() ?? bare : bare;
    }
}
