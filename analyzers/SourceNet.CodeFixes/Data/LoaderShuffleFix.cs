using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes.Data;

/// <summary>SN4003: the loader shuffles, or stops shuffling.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LoaderShuffleFix))]
public sealed class LoaderShuffleFix() : RuleFix("SN4003", "State the right shuffle argument")
{
    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) => Argument(node) is { } argument
        ? argument.Expression is LiteralExpressionSyntax
        : Arguments(node) is not null;

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic)
    {
        var flag = SyntaxFactory.LiteralExpression(
            diagnostic.Properties["shuffle"] == "true" ? SyntaxKind.TrueLiteralExpression : SyntaxKind.FalseLiteralExpression);
        if (Argument(node) is { } argument)
        {
            editor.ReplaceNode(argument.Expression, flag.WithTriviaFrom(argument.Expression));
            return;
        }

        var stated = SyntaxFactory.Argument(flag)
            .WithNameColon(SyntaxFactory.NameColon("shuffle").WithTrailingTrivia(SyntaxFactory.Space))
            .WithLeadingTrivia(SyntaxFactory.Space);
        var arguments = Arguments(node)!;
        editor.ReplaceNode(arguments, arguments.AddArguments(stated));
    }

    /// <summary>The argument that is reported, unless the whole call is.</summary>
    private static ArgumentSyntax? Argument(SyntaxNode node) =>
        node is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax ? null : node.FirstAncestorOrSelf<ArgumentSyntax>();

    private static ArgumentListSyntax? Arguments(SyntaxNode node) => node switch
    {
        InvocationExpressionSyntax call => call.ArgumentList,
        BaseObjectCreationExpressionSyntax creation => creation.ArgumentList,
        _ => null,
    };
}
