using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes.Authoring;

/// <summary>SN5002: moves <c>RegisterComponents()</c> to the end of the constructor.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LateRegistrationFix))]
public sealed class LateRegistrationFix() : RuleFix("SN5002", "Call RegisterComponents last")
{
    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) =>
        Body(node) is { } body
        && Registration(body) is { } registration
        && registration.SpanStart < node.SpanStart
        && body.Statements.Where(statement => statement.SpanStart > registration.SpanStart).All(statement => NeedsNoRegistration(statement, model));

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic)
    {
        var body = Body(node)!;
        var registration = Registration(body)!;
        var others = body.Statements.Remove(registration);
        editor.ReplaceNode(body, body.WithStatements(others.Add(registration)));
    }

    private static BlockSyntax? Body(SyntaxNode node) => node.FirstAncestorOrSelf<ConstructorDeclarationSyntax>()?.Body;

    /// <summary>The only call, so that moving it leaves none behind.</summary>
    private static StatementSyntax? Registration(BlockSyntax body)
    {
        var calls = body.Statements.Where(
            statement => statement is ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call } && Name(call) == "RegisterComponents")
            .ToList();
        return calls.Count == 1 ? calls[0] : null;
    }

    /// <summary>Whether a statement only makes and assigns: it calls no method of this object, hands it to nobody, and does not end the constructor.</summary>
    private static bool NeedsNoRegistration(StatementSyntax statement, SemanticModel model) => statement.DescendantNodesAndSelf().All(node => node switch
    {
        ReturnStatementSyntax => false,
        ThisExpressionSyntax self => self.Parent is MemberAccessExpressionSyntax,
        InvocationExpressionSyntax
        {
            Expression: IdentifierNameSyntax
            or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax or BaseExpressionSyntax }
        } call =>
            model.GetSymbolInfo(call).Symbol is { IsStatic: true } || Name(call) == "nameof",
        _ => true,
    });

    private static string? Name(InvocationExpressionSyntax call) => call.Expression switch
    {
        IdentifierNameSyntax name => name.Identifier.Text,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: var name } => name.Identifier.Text,
        _ => null,
    };
}
