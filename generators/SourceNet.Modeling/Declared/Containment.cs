using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Declared;

/// <summary>Finds declared models that make themselves, directly or through others, so that their constructors never end.</summary>
internal static class Containment
{
    /// <summary>What is wrong with a model in another one; null if nothing is.</summary>
    /// <param name="inner">The model that is always made.</param>
    /// <param name="container">The model that makes it.</param>
    /// <param name="origin">Where it says so.</param>
    public static Problem? Problem(INamedTypeSymbol inner, INamedTypeSymbol container, Origin origin) =>
        Same(inner, container) ? Problems.StackOfItself(inner.Name, origin)
        : Contains(inner, container, []) ? Problems.StackOfContainer(inner.Name, container.Name, origin)
        : null;

    /// <summary>
    /// The declared model that the initializer of a field or property makes whatever the arguments are; null for anything else. One behind a condition may end.
    /// </summary>
    public static INamedTypeSymbol? AlwaysMade(ISymbol member)
    {
        var type = (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type;
        return member.DeclaringSyntaxReferences.Length == 1
            && Initializer(member.DeclaringSyntaxReferences[0].GetSyntax()) is BaseObjectCreationExpressionSyntax made
            && type is INamedTypeSymbol { TypeKind: TypeKind.Class } named && Symbols.IsDeclaredModel(named)
            // Of a base class's field it is known only that some module is made.
            && (made is ImplicitObjectCreationExpressionSyntax || LastName(((ObjectCreationExpressionSyntax)made).Type) == named.Name)
                ? named
                : null;
    }

    private static ExpressionSyntax? Initializer(SyntaxNode declaration) => declaration switch
    {
        VariableDeclaratorSyntax field => field.Initializer?.Value,
        PropertyDeclarationSyntax property => property.Initializer?.Value,
        _ => null,
    };

    private static string LastName(TypeSyntax type) => type switch
    {
        QualifiedNameSyntax qualified => LastName(qualified.Right),
        AliasQualifiedNameSyntax alias => LastName(alias.Name),
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };

    /// <summary>Whether a model holds the other one, at any depth.</summary>
    private static bool Contains(INamedTypeSymbol type, INamedTypeSymbol other, HashSet<string> visited) =>
        visited.Add(type.OriginalDefinition.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat))
        && Inside(type).Any(inner => Same(inner, other) || Contains(inner, other, visited));

    private static IEnumerable<INamedTypeSymbol> Inside(INamedTypeSymbol type) => ModelReader.Blocks(type)
        .SelectMany(Symbols.Attributes)
        .Where(stack => stack.AttributeClass is { Name: "StackAttribute" })
        .SelectMany(stack => stack.AttributeClass!.TypeArguments.OfType<INamedTypeSymbol>())
        .Concat(ModelReader.Members(type).Select(AlwaysMade).OfType<INamedTypeSymbol>());

    private static bool Same(INamedTypeSymbol left, INamedTypeSymbol right) =>
        SymbolEqualityComparer.Default.Equals(left.OriginalDefinition, right.OriginalDefinition);
}
