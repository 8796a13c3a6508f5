using Microsoft.CodeAnalysis;

namespace SourceNet.Analyzers.Torch;

/// <summary>Models that are declared with SourceNet's attributes.</summary>
internal static class DeclaredModel
{
    /// <summary>Whether a class is one, or comes from one.</summary>
    public static bool Is(ITypeSymbol? type) => type is not null && Attributes(type).Any(name => name == "ModelAttribute");

    /// <summary>The name of the objective that a class declares; cross-entropy if it says nothing.</summary>
    public static string? Objective(ITypeSymbol type)
    {
        var objective = type.GetAttributes().FirstOrDefault(attribute => IsOfSourceNet(attribute) && attribute.AttributeClass!.Name == "ObjectiveAttribute");
        if (objective is null)
        {
            return "CrossEntropy";
        }

        return objective.ConstructorArguments is [{ Type: { } kinds, Value: { } kind }]
            ? kinds.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => kind.Equals(field.ConstantValue))?.Name
            : null;
    }

    /// <summary>The names of SourceNet's attributes on a class and its blocks.</summary>
    public static IEnumerable<string> Attributes(ITypeSymbol type) => type.GetMembers().OfType<IMethodSymbol>()
        .SelectMany(method => method.GetAttributes())
        .Concat(type.GetAttributes())
        .Where(IsOfSourceNet)
        .Select(attribute => attribute.AttributeClass!.Name);

    private static bool IsOfSourceNet(AttributeData attribute) =>
        attribute.AttributeClass?.ContainingNamespace is { Name: "SourceNet", ContainingNamespace.IsGlobalNamespace: true };
}
