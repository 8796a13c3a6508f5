using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes;

/// <summary>The fix of one rule: one edit at the place of its diagnostic, or at all of them at once.</summary>
/// <param name="id">The rule.</param>
/// <param name="titles">What the editor offers, in the imperative. Where there are several, the first is the usual one.</param>
public abstract class RuleFix(string id, params string[] titles) : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(id);

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || model is null)
        {
            return;
        }

        foreach (var diagnostic in context.Diagnostics)
        {
            if (diagnostic.Id != id)
            {
                // dotnet format asks with the first finding of the analyzer, whichever rule it is of, and takes from the answer only what to apply everywhere.
                context.RegisterCodeFix(CodeAction.Create(titles[0], _ => Task.FromResult(context.Document), equivalenceKey: titles[0]), diagnostic);
                continue;
            }

            var node = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            if (CanFix(node, diagnostic, model))
            {
                foreach (var title in titles)
                {
                    context.RegisterCodeFix(
                        CodeAction.Create(title, cancellation => FixAsync(context.Document, node, diagnostic, title, cancellation), equivalenceKey: title),
                        diagnostic);
                }
            }
        }
    }

    /// <summary>Whether the right edit is certain here. A fix that would change nothing, or break the code, is not offered.</summary>
    protected virtual bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) => true;

    /// <summary>Edits the document.</summary>
    /// <param name="editor">Takes the edits.</param>
    /// <param name="node">The innermost node at the place of the diagnostic.</param>
    /// <param name="diagnostic">Carries in its properties what the rule found out.</param>
    protected abstract void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic);

    /// <summary>The same for a fix that offers a choice.</summary>
    /// <param name="editor">Takes the edits.</param>
    /// <param name="node">The innermost node at the place of the diagnostic.</param>
    /// <param name="diagnostic">Carries in its properties what the rule found out.</param>
    /// <param name="title">Which of the titles was chosen.</param>
    protected virtual void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic, string title) => Fix(editor, node, diagnostic);

    private async Task<Document> FixAsync(Document document, SyntaxNode node, Diagnostic diagnostic, string title, CancellationToken cancellation)
    {
        var editor = await DocumentEditor.CreateAsync(document, cancellation).ConfigureAwait(false);
        Fix(editor, node, diagnostic, title);
        return editor.GetChangedDocument();
    }
}
