using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SourceNet.CodeFixes.Optimizers;

/// <summary>What becomes of an optimizer that is made.</summary>
internal static class KeptOptimizer
{
    /// <summary>
    /// Whether it goes where only one of its own class fits, such as a field of that type. The base class, an interface and the members of the base class
    /// take another too.
    /// </summary>
    public static bool IsKeptAsItIs(this InvocationExpressionSyntax made, SemanticModel model) =>
        made.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type.IsVar: true } } declarator }
            ? Uses(declarator, model).Any(use => NeedsItsClass(use, model))
            : made.Parent is not ExpressionStatementSyntax && NeedsItsClass(made, model);

    private static IEnumerable<ExpressionSyntax> Uses(VariableDeclaratorSyntax declarator, SemanticModel model)
    {
        var variable = model.GetDeclaredSymbol(declarator);
        var scope = (SyntaxNode?)declarator.FirstAncestorOrSelf<MemberDeclarationSyntax>(member =>
            member is not GlobalStatementSyntax) ?? declarator.SyntaxTree.GetRoot();
        return scope.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(
                name =>
                    name.Identifier.ValueText == declarator.Identifier.ValueText
                        && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name).Symbol, variable));
    }

    private static bool NeedsItsClass(ExpressionSyntax use, SemanticModel model)
    {
        var type = model.GetTypeInfo(use);
        return use.Parent is MemberAccessExpressionSyntax access && access.Expression == use
            ? model.GetSymbolInfo(access).Symbol is not { } member
                || (!member.IsOverride && SymbolEqualityComparer.Default.Equals(member.ContainingType, type.Type))
            : SymbolEqualityComparer.Default.Equals(type.Type, type.ConvertedType);
    }
}
