using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes.Architecture;

/// <summary>SN3005: makes the layer without a bias.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(BiasBeforeNormFix))]
public sealed class BiasBeforeNormFix() : RuleFix("SN3005", "Make the layer without a bias")
{
    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) =>
        Call(node) is { } call
            && model.GetSymbolInfo(call).Symbol is IMethodSymbol method
            && Parameter(method) is not null
            && (Stated(call, method) ?? call.ArgumentList.Arguments.FirstOrDefault()) is not null;

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic)
    {
        var call = Call(node)!;
        var method = (IMethodSymbol)editor.SemanticModel.GetSymbolInfo(call).Symbol!;
        var no = SyntaxFactory.LiteralExpression(SyntaxKind.FalseLiteralExpression);
        if (Stated(call, method) is { } stated)
        {
            editor.ReplaceNode(stated.Expression, no.WithTriviaFrom(stated.Expression));
            return;
        }

        var argument = SyntaxFactory.Argument(SyntaxFactory.NameColon(Parameter(method)!).WithTrailingTrivia(SyntaxFactory.Space), default, no)
            .WithLeadingTrivia(SyntaxFactory.Space);
        editor.ReplaceNode(call.ArgumentList, call.ArgumentList.AddArguments(argument));
    }

    private static InvocationExpressionSyntax? Call(SyntaxNode node) => node.FirstAncestorOrSelf<InvocationExpressionSyntax>();

    private static string? Parameter(IMethodSymbol method) => method.Parameters.FirstOrDefault(parameter => parameter.Name is "bias" or "hasBias")?.Name;

    private static ArgumentSyntax? Stated(InvocationExpressionSyntax call, IMethodSymbol method)
    {
        var arguments = call.ArgumentList.Arguments;
        var place = method.Parameters.Select(parameter => parameter.Name).ToList().IndexOf(Parameter(method)!);
        return arguments.FirstOrDefault(argument => argument.NameColon?.Name.Identifier.ValueText == Parameter(method))
            ?? (place < arguments.Count && arguments.Take(place + 1).All(argument => argument.NameColon is null) ? arguments[place] : null);
    }
}
