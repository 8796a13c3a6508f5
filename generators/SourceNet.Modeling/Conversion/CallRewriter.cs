using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Declared;

namespace SourceNet.Modeling.Conversion;

/// <summary>Calls blocks instead of fields: <c>fc1.call(x)</c> becomes <c>Fc1(x)</c>.</summary>
/// <param name="source">The class.</param>
/// <param name="parts">Its fields, with the blocks that take their places.</param>
internal sealed class CallRewriter(HandWrittenClass source, IReadOnlyList<ConvertedPart> parts) : CSharpSyntaxRewriter
{
    public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        var visited = (InvocationExpressionSyntax)base.VisitInvocationExpression(node)!;
        return Called(source, node) is { } field && parts.FirstOrDefault(part => part.Member.Name == field.Name)?.Block is { } block
            ? visited.WithExpression(SyntaxFactory.IdentifierName(block).WithTriviaFrom(visited.Expression))
            : visited;
    }

    /// <summary>Whether all that happens to a field, besides being made and registered, is that it is called.</summary>
    public static bool OnlyCalls(HandWrittenClass source, IFieldSymbol field) => Symbols.IsModule(field.Type)
        && source.Declaration.Members
            .Where(member => member is not (ConstructorDeclarationSyntax or FieldDeclarationSyntax or BaseTypeDeclarationSyntax))
            .Concat(source.Rest)
            .SelectMany(member => member.DescendantNodesAndSelf())
            .OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == field.Name)
            .All(name => name.FirstAncestorOrSelf<InvocationExpressionSyntax>(call => Called(source, call)?.Name == field.Name
                && call.Expression.Span.Contains(name.Span)) is not null);

    private static IFieldSymbol? Called(HandWrittenClass source, InvocationExpressionSyntax call) =>
        call is { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "call" or "forward" } member, ArgumentList.Arguments.Count: 1 }
            ? source.Field(member.Expression)
            : null;
}
