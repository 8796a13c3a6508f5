using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes.Mode;

/// <summary>SN1006: passes <c>training: training</c> in an instance member of a module.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(FunctionalDropoutFix))]
public sealed class FunctionalDropoutFix() : RuleFix("SN1006", "Follow the module's mode")
{
    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) =>
        Call(node) is { } call && ModuleMode.IsInReach(call, model);

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic) => editor.AddArgument(Call(node)!, "training", "training");

    private static InvocationExpressionSyntax? Call(SyntaxNode node) => node.FirstAncestorOrSelf<InvocationExpressionSyntax>();
}
