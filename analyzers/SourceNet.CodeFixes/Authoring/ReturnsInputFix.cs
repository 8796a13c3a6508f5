using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;
using static Microsoft.CodeAnalysis.CSharp.SyntaxKind;

namespace SourceNet.CodeFixes.Authoring;

/// <summary>SN5005: returns a second handle of the same values.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReturnsInputFix))]
public sealed class ReturnsInputFix() : RuleFix("SN5005", "Return an alias")
{
    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) => node is IdentifierNameSyntax or MemberAccessExpressionSyntax;

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic) => editor.ReplaceNode(
        node,
        InvocationExpression(MemberAccessExpression(SimpleMemberAccessExpression, ((ExpressionSyntax)node).WithoutTrivia(), IdentifierName("alias")))
            .WithTriviaFrom(node));
}
