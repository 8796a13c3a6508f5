using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes.Mode;

/// <summary>SN1004: opens <c>inference_mode()</c> before the statement that runs a module.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InferenceScopeFix))]
public sealed class InferenceScopeFix() : RuleFix("SN1004", "Open torch.inference_mode()")
{
    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) => Statements.Around(node) is not null;

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic)
    {
        var place = Statements.Around(node)!;
        editor.InsertBefore(place, $"using var {Statements.FreeName(place, "inference")} = torch.inference_mode();");
    }
}
