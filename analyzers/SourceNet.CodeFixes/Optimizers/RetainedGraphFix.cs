using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes.Optimizers;

/// <summary>SN2013: adds the loss without its history.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RetainedGraphFix))]
public sealed class RetainedGraphFix() : RuleFix("SN2013", "Add the loss without its history")
{
    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) => node is IdentifierNameSyntax or MemberAccessExpressionSyntax;

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic) =>
        editor.ReplaceNode(node, SyntaxFactory.ParseExpression($"{node.WithoutTrivia()}.detach()").WithTriviaFrom(node));
}
