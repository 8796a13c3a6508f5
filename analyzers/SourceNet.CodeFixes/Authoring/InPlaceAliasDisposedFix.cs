using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes.Authoring;

/// <summary>SN5006: drops the <c>using</c> of a declaration.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InPlaceAliasDisposedFix))]
public sealed class InPlaceAliasDisposedFix() : RuleFix("SN5006", "Drop the using")
{
    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) => Declaration(node) is { Declaration.Variables.Count: 1 };

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic)
    {
        var declaration = Declaration(node)!;
        editor.ReplaceNode(declaration, declaration.WithUsingKeyword(default).WithAwaitKeyword(default).WithTriviaFrom(declaration));
    }

    private static LocalDeclarationStatementSyntax? Declaration(SyntaxNode node) =>
        node.FirstAncestorOrSelf<StatementSyntax>() as LocalDeclarationStatementSyntax;
}
