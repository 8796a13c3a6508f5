using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes.Optimizers;

/// <summary>SN2001: <c>Adam</c> becomes <c>AdamW</c>, which has the same parameters.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CoupledDecayFix))]
public sealed class CoupledDecayFix() : RuleFix("SN2001", "Use AdamW")
{
    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) =>
        Name(node) is { Identifier.Text: "Adam" } && !Call(node)!.IsKeptAsItIs(model);

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic)
    {
        var name = Name(node)!;
        editor.ReplaceNode(name, name.WithIdentifier(SyntaxFactory.Identifier("AdamW").WithTriviaFrom(name.Identifier)));
    }

    private static IdentifierNameSyntax? Name(SyntaxNode node) => Call(node)?.Expression switch
    {
        IdentifierNameSyntax name => name,
        MemberAccessExpressionSyntax { Name: IdentifierNameSyntax name } => name,
        _ => null,
    };

    /// <summary>The call that the decay is an argument of. A parameter group has its own type, which the optimizer's must fit.</summary>
    private static InvocationExpressionSyntax? Call(SyntaxNode node) =>
        node.FirstAncestorOrSelf<ArgumentSyntax>()?.Parent?.Parent as InvocationExpressionSyntax;
}
