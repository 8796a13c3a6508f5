using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Operations;

namespace SourceNet.CodeFixes.Authoring;

/// <summary>SN5011: <c>forward</c> becomes <c>call</c>, which has other parameter names and no defaults.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ForwardCallFix))]
public sealed class ForwardCallFix() : RuleFix("SN5011", "Use call")
{
    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) =>
        node is IdentifierNameSyntax
        && node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } call
        && call.ArgumentList.Arguments.All(argument => argument.NameColon is null)
        && model.GetOperation(call) is IInvocationOperation { Arguments: var arguments }
        && arguments.All(argument => argument.ArgumentKind == ArgumentKind.Explicit);

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic) =>
        editor.ReplaceNode(node, SyntaxFactory.IdentifierName("call").WithTriviaFrom(node));
}
