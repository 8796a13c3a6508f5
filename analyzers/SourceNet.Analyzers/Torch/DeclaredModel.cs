using Microsoft.CodeAnalysis;

namespace SourceNet.Analyzers.Torch;

/// <summary>Models that are declared with SourceNet's attributes.</summary>
internal static class DeclaredModel
{
    /// <summary>Whether a class is one, or comes from one.</summary>
    public static bool Is(ITypeSymbol? type) => type is not null && Attributes(type).Any(name => name == "ModelAttribute");

    /// <summary>The names of SourceNet's attributes on a class and its blocks.</summary>
    public static IEnumerable<string> Attributes(ITypeSymbol type) => type.GetMembers().OfType<IMethodSymbol>()
        .SelectMany(method => method.GetAttributes())
        .Concat(type.GetAttributes())
        .Select(attribute => attribute.AttributeClass)
        .Where(attribute => attribute?.ContainingNamespace is { Name: "SourceNet", ContainingNamespace.IsGlobalNamespace: true })
        .Select(attribute => attribute!.Name);
}
