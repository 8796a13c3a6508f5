using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes.Optimizers;

/// <summary>SN2011: gives the loss the logits, where the activation stands right there.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ActivationBeforeLossFix))]
public sealed class ActivationBeforeLossFix() : RuleFix("SN2011", "Give the loss the logits")
{
    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) => Logits(node, model) is not null;

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic)
    {
        var activation = Activation(node)!;
        editor.ReplaceNode(activation, Logits(node, editor.SemanticModel)!.WithTriviaFrom(activation));
    }

    private static InvocationExpressionSyntax? Activation(SyntaxNode node) =>
        (node as ArgumentSyntax)?.Expression as InvocationExpressionSyntax ?? node as InvocationExpressionSyntax;

    /// <summary>What <c>softmax(x, 1)</c> or <c>x.softmax(1)</c> is applied to.</summary>
    private static ExpressionSyntax? Logits(SyntaxNode node, SemanticModel model)
    {
        if (Activation(node) is not { } call || model.GetSymbolInfo(call).Symbol is not IMethodSymbol { Name: "softmax" or "sigmoid" } method)
        {
            return null;
        }

        return method.IsStatic
            && !method.IsExtensionMethod
                ? call.ArgumentList.Arguments.FirstOrDefault()?.Expression
                : (call.Expression as MemberAccessExpressionSyntax)?.Expression;
    }
}
