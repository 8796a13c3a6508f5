using Microsoft.CodeAnalysis.Operations;

namespace SourceNet.Analyzers.Data;

/// <summary>Calls of LINQ.</summary>
internal static class Linq
{
    /// <summary>Whether this is an operator of <c>Enumerable</c>, which takes the sequence as its first argument.</summary>
    public static bool IsLinq(this IInvocationOperation call) =>
        call.Arguments.Length > 0
            && call.TargetMethod.ContainingType is { Name: "Enumerable", ContainingNamespace: { Name: "Linq", ContainingNamespace.Name: "System" } };

    /// <inheritdoc cref="IsLinq(IInvocationOperation)"/>
    public static bool IsLinq(this IInvocationOperation call, string name) => call.TargetMethod.Name == name && call.IsLinq();
}
