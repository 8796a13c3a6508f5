using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes;

/// <summary>Edits of whole statements.</summary>
internal static class Statements
{
    /// <summary>The statement of a block, or of a program's top level, that holds a node; null inside of an expression body.</summary>
    public static StatementSyntax? Around(SyntaxNode node) =>
        node.AncestorsAndSelf()
            .OfType<StatementSyntax>()
            .FirstOrDefault(statement => statement.Parent is BlockSyntax or GlobalStatementSyntax or SwitchSectionSyntax)
        is { } found
            && !node.AncestorsAndSelf().TakeWhile(ancestor => ancestor != found).Any(ancestor => ancestor is AnonymousFunctionExpressionSyntax { Block: null })
                ? found
                : null;

    /// <summary>Inserts a statement before another, which keeps its comments.</summary>
    public static void InsertBefore(this DocumentEditor editor, StatementSyntax place, string statement)
    {
        var indentation = place.GetLeadingTrivia().LastOrDefault(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia));
        var lineEnd = place.SyntaxTree.GetText().Lines[0] is var first
            && first.EndIncludingLineBreak - first.End == 2 ? SyntaxFactory.CarriageReturnLineFeed : SyntaxFactory.LineFeed;
        var inserted = SyntaxFactory.ParseStatement(statement).WithLeadingTrivia(indentation).WithTrailingTrivia(lineEnd);
        if (place.Parent is GlobalStatementSyntax global)
        {
            editor.InsertBefore(global, SyntaxFactory.GlobalStatement(inserted));
        }
        else
        {
            editor.InsertBefore(place, inserted);
        }
    }

    /// <summary>A name that is free where a statement stands.</summary>
    public static string FreeName(SyntaxNode place, string wanted)
    {
        var scope = place.Ancestors()
            .LastOrDefault(
                ancestor =>
                    ancestor is MemberDeclarationSyntax and not (BaseTypeDeclarationSyntax or BaseNamespaceDeclarationSyntax)) ?? place.SyntaxTree.GetRoot();
        var taken = new HashSet<string>(scope.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText));
        return Enumerable.Range(1, int.MaxValue).Select(number => number == 1 ? wanted : wanted + number).First(name => !taken.Contains(name));
    }
}
