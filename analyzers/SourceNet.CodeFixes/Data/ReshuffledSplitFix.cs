using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes.Data;

/// <summary>SN4007: the shuffled sequence becomes a list, which is shuffled once.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReshuffledSplitFix))]
public sealed class ReshuffledSplitFix() : RuleFix("SN4007", "Shuffle once, into a list")
{
    /// <summary>A list is not an <c>IOrderedEnumerable</c>, which some variables are declared as and <c>ThenBy</c> asks for.</summary>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) =>
        node is ExpressionSyntax
            && node.FirstAncestorOrSelf<VariableDeclarationSyntax>()?.Type is { } type
            && (type.IsVar || model.GetTypeInfo(type).Type is { Name: "IEnumerable" })
            && !IsSorted(node);

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic)
    {
        var sequence = (ExpressionSyntax)node;
        var inner = sequence is QueryExpressionSyntax ? SyntaxFactory.ParenthesizedExpression(sequence.WithoutTrivia()) : sequence.WithoutTrailingTrivia();
        var list = SyntaxFactory.InvocationExpression(
            SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, inner, SyntaxFactory.IdentifierName("ToList")));
        editor.ReplaceNode(sequence, list.WithTriviaFrom(sequence));
    }

    /// <summary>Whether the code around the sequence sorts it further.</summary>
    private static bool IsSorted(SyntaxNode node) => node.FirstAncestorOrSelf<VariableDeclaratorSyntax>() is { } variable
        && variable.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member
        && member.SyntaxTree.GetRoot().DescendantNodes().OfType<MemberAccessExpressionSyntax>().Any(access =>
            access.Expression is IdentifierNameSyntax name
                && name.Identifier.ValueText == variable.Identifier.ValueText
                && access.Name.Identifier.ValueText is "ThenBy" or "ThenByDescending" or "Reverse");
}
