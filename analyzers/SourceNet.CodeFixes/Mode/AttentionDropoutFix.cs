using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes.Mode;

/// <summary>SN1007: attention drops in train mode only.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AttentionDropoutFix))]
public sealed class AttentionDropoutFix() : RuleFix("SN1007", "Drop in train mode only")
{
    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) =>
        Rate(node) is { } rate && ModuleMode.IsInReach(rate, model);

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic)
    {
        var rate = Rate(node)!;
        editor.ReplaceNode(rate, SyntaxFactory.ParseExpression($"training ? {rate.WithoutTrivia()} : 0").WithTriviaFrom(rate));
    }

    private static ExpressionSyntax? Rate(SyntaxNode node) => node as ExpressionSyntax ?? (node as ArgumentSyntax)?.Expression;
}
