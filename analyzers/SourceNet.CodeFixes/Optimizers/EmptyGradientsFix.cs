using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes.Optimizers;

/// <summary>SN2009: empties the gradients before the backward pass.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(EmptyGradientsFix))]
public sealed class EmptyGradientsFix() : RuleFix("SN2009", "Call zero_grad() before")
{
    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) =>
        diagnostic.Properties["optimizer"] is not null && Statements.Around(node) is not null;

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic) =>
        editor.InsertBefore(Statements.Around(node)!, $"{diagnostic.Properties["optimizer"]}.zero_grad();");
}
