using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes.Optimizers;

/// <summary>SN2002: states the decay: PyTorch's, or none.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SilentAdamWFix))]
public sealed class SilentAdamWFix() : RuleFix("SN2002", PyTorch, None)
{
    private const string PyTorch = "State weight_decay: 0.01, as in PyTorch";
    private const string None = "State weight_decay: 0";

    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) => Call(node) is not null;

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic) => Fix(editor, node, diagnostic, PyTorch);

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic, string title) =>
        editor.AddArgument(Call(node)!, "weight_decay", title == None ? "0" : "0.01");

    private static InvocationExpressionSyntax? Call(SyntaxNode node) => node.FirstAncestorOrSelf<InvocationExpressionSyntax>();
}
