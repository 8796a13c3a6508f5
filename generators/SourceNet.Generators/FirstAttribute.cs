using Microsoft.CodeAnalysis;

namespace SourceNet.Generators;

/// <summary>A partial class may say an attribute on several of its parts: only one of them is expanded.</summary>
internal static class FirstAttribute
{
    /// <summary>Whether this is the attribute that is expanded, and not a second one on another part.</summary>
    public static bool Is(GeneratorAttributeSyntaxContext match)
    {
        var first = match.TargetSymbol.GetAttributes()
            .First(attribute => SymbolEqualityComparer.Default.Equals(attribute.AttributeClass, match.Attributes[0].AttributeClass))
            .ApplicationSyntaxReference;
        return first is null || (first.SyntaxTree == match.TargetNode.SyntaxTree && match.TargetNode.Span.Contains(first.Span));
    }
}
