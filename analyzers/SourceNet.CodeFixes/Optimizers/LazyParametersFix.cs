using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes.Optimizers;

/// <summary>SN2014: gives the optimizer a fixed list, unless the model moves elsewhere in the class and gets new parameters then.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LazyParametersFix))]
public sealed class LazyParametersFix() : RuleFix("SN2014", "Walk the parameters once")
{
    private static readonly HashSet<string> s_moves = ["to", "cuda", "cpu", "half", "double", "float"];

    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) =>
        node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var module } } parameters
        && model.GetTypeInfo(parameters).Type is { } sequence
        && model.LookupSymbols(node.SpanStart, sequence, "ToArray", includeReducedExtensionMethods: true).Length > 0
        && !MovesElsewhere(parameters, module);

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic) =>
        editor.ReplaceNode(node, SyntaxFactory.ParseExpression($"{node.WithoutTrivia()}.ToArray()").WithTriviaFrom(node));

    /// <summary>Whether another member of the class moves a model of that name. What the same member does afterwards the rule has looked at.</summary>
    private static bool MovesElsewhere(InvocationExpressionSyntax parameters, ExpressionSyntax module)
    {
        var member = parameters.FirstAncestorOrSelf<MemberDeclarationSyntax>(declaration => declaration is not TypeDeclarationSyntax);
        return parameters.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type
            && type.DescendantNodes(node => node != member).OfType<MemberAccessExpressionSyntax>().Any(access =>
            s_moves.Contains(access.Name.Identifier.ValueText) && Name(access.Expression) == Name(module));
    }

    private static string Name(ExpressionSyntax module) =>
        module is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: var name } ? name.ToString() : module.ToString();
}
