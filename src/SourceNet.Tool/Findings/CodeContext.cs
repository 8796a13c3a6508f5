using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace SourceNet.Tool.Findings;

/// <summary>What stands around a place in the code: by that, a finding is recognized after lines moved.</summary>
internal static class CodeContext
{
    /// <summary>The member around a place, <c>Demo.Net.forward</c>, and its first line without the space around it.</summary>
    public static (string Member, string Code) Of(SyntaxTree tree, TextSpan span)
    {
        var code = tree.GetText().Lines.GetLineFromPosition(span.Start).ToString().Trim();
        var names = tree.GetRoot().FindNode(span).AncestorsAndSelf().Select(Name).OfType<string>().Reverse();
        return (string.Join(".", names), code);
    }

    private static string? Name(SyntaxNode node) => node switch
    {
        BaseNamespaceDeclarationSyntax space => space.Name.ToString(),
        BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        ConstructorDeclarationSyntax => ".ctor",
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        LocalFunctionStatementSyntax function => function.Identifier.ValueText,
        _ => null,
    };
}
