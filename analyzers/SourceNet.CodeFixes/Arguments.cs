using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes;

/// <summary>Edits of what a call is given.</summary>
internal static class Arguments
{
    /// <summary>Adds a named argument at the end.</summary>
    public static void AddArgument(this DocumentEditor editor, InvocationExpressionSyntax call, string name, string value)
    {
        var list = call.ArgumentList;
        var argument = SyntaxFactory.Argument(
            SyntaxFactory.NameColon(name).WithTrailingTrivia(SyntaxFactory.Space),
            default,
            SyntaxFactory.ParseExpression(value));
        editor.ReplaceNode(list, list.WithArguments(list.Arguments.Add(argument.WithLeadingTrivia(SyntaxFactory.Space))));
    }
}
