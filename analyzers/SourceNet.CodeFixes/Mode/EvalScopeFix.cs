using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes.Mode;

/// <summary>SN1001, where SourceNet is referenced: eval mode for the rest of the block, after which each part has its own mode back.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(EvalScopeFix))]
public sealed class EvalScopeFix() : RuleFix("SN1001", "Use EvalScope(), which restores the mode")
{
    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) =>
        diagnostic.Properties["module"] != "this"
        && Statements.Around(node) is not null
        && model.LookupNamespacesAndTypes(node.SpanStart, name: "ModuleModes").Any(type => type.ContainingNamespace?.Name == "SourceNet");

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic)
    {
        var place = Statements.Around(node)!;
        editor.InsertBefore(place, $"using var {Statements.FreeName(place, "evalMode")} = {diagnostic.Properties["module"]}.EvalScope();");
    }
}
