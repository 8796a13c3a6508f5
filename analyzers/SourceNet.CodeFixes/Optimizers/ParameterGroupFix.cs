using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Operations;

namespace SourceNet.CodeFixes.Optimizers;

/// <summary>SN2003: makes the group by an object initializer that states what its constructor was told, and leaves the rest to the optimizer.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ParameterGroupFix))]
public sealed class ParameterGroupFix() : RuleFix("SN2003", "Leave the rest to the optimizer")
{
    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) =>
        Group(node) is { Initializer: null, ArgumentList: { } list } group
        && !list.DescendantTrivia()
            .Any(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia) || trivia.IsDirective)
        && ((CSharpParseOptions)node.SyntaxTree.Options).LanguageVersion >= LanguageVersion.CSharp9
        && Initializer(group, model) is not null;

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic)
    {
        var group = Group(node)!;
        var made = group is ObjectCreationExpressionSyntax { Type: var type } ? $"new {type.WithoutTrivia()}" : "new()";
        editor.ReplaceNode(group, SyntaxFactory.ParseExpression($"{made} {Initializer(group, editor.SemanticModel)}").WithTriviaFrom(group));
    }

    private static BaseObjectCreationExpressionSyntax? Group(SyntaxNode node) => node.FirstAncestorOrSelf<BaseObjectCreationExpressionSyntax>();

    /// <summary>The initializer in the order in which the arguments stand; null if one has no counterpart.</summary>
    private static string? Initializer(BaseObjectCreationExpressionSyntax group, SemanticModel model)
    {
        if (model.GetOperation(group) is not IObjectCreationOperation { Type: { } type } creation
            || type.ContainingType?.GetTypeMembers("Options").FirstOrDefault() is not { } options)
        {
            return null;
        }

        string? parameters = null;
        var settings = new List<string>();
        foreach (
            var argument in creation.Arguments.Where(argument => argument.ArgumentKind == ArgumentKind.Explicit).OrderBy(argument => argument.Syntax.SpanStart))
        {
            if (argument is not { Parameter.Name: { } name, Syntax: ArgumentSyntax { Expression: { } value } }
                || value.IsKind(SyntaxKind.DefaultLiteralExpression))
            {
                return null;
            }

            if (name == "parameters")
            {
                parameters = value.WithoutTrivia().ToString();
            }
            else if (name == "lr")
            {
                settings.Add($"LearningRate = {value.WithoutTrivia()}");
            }
            else if (options.GetMembers(name).Length == 1)
            {
                settings.Add($"{name} = {value.WithoutTrivia()}");
            }
            else
            {
                return null;
            }
        }

        return parameters is null
            ? null
            : settings.Count == 0
            ? $"{{ Parameters = {parameters} }}"
            : $"{{ Parameters = {parameters}, Options = new() {{ {string.Join(", ", settings)} }} }}";
    }
}
