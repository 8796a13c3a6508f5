using Microsoft.CodeAnalysis;

namespace SourceNet.Analyzers.Torch;

/// <summary>Tells tests of xunit, NUnit and MSTest: what is strange in one is what it tests, and its loops are short.</summary>
internal static class TestMethods
{
    private static readonly HashSet<string> s_attributes =
        ["FactAttribute", "TheoryAttribute", "TestAttribute", "TestCaseAttribute", "TestCaseSourceAttribute", "TestMethodAttribute", "DataTestMethodAttribute"];

    /// <summary>Whether a method is a test, or a lambda or local function in one.</summary>
    public static bool IsTest(this ISymbol? symbol)
    {
        for (; symbol is not (null or INamespaceOrTypeSymbol); symbol = symbol.ContainingSymbol)
        {
            if (symbol.GetAttributes().Any(attribute => attribute.AttributeClass is { } type && s_attributes.Contains(type.Name)))
            {
                return true;
            }
        }

        return false;
    }
}
