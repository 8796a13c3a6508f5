using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes.Mode;

/// <summary>SN1005: a gradient scope gets <c>using</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(OpenGradientScopeFix))]
public sealed class OpenGradientScopeFix() : RuleFix("SN1005", "Close the scope with 'using'")
{
    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) =>
        Statements.Around(node) is LocalDeclarationStatementSyntax or ExpressionStatementSyntax && Statements.Around(node)!.Parent is not SwitchSectionSyntax;

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic)
    {
        var statement = Statements.Around(node)!;
        if (statement is LocalDeclarationStatementSyntax local)
        {
            editor.ReplaceNode(
                local,
                local.WithoutLeadingTrivia()
                    .WithUsingKeyword(SyntaxFactory.Token(SyntaxKind.UsingKeyword).WithTrailingTrivia(SyntaxFactory.Space))
                    .WithLeadingTrivia(local.GetLeadingTrivia()));
            return;
        }

        var call = node.AncestorsAndSelf().OfType<InvocationExpressionSyntax>().First(one => one.Span == diagnostic.Location.SourceSpan);
        var scope = SyntaxFactory.ParseStatement($"using var {Statements.FreeName(statement, "gradients")} = {call.WithoutTrivia()};");
        editor.ReplaceNode(statement, scope.WithTriviaFrom(statement));
    }
}
