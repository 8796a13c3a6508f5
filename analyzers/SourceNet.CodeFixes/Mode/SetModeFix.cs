using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes.Mode;

/// <summary>Inserts a call that sets the mode before the statement that runs a module.</summary>
/// <param name="id">The rule.</param>
/// <param name="method"><c>eval</c> or <c>train</c>.</param>
public abstract class SetModeFix(string id, string method) : RuleFix(id, $"Call {method}() before")
{
    /// <inheritdoc/>
    protected sealed override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) => Place(node, diagnostic) is not null;

    /// <inheritdoc/>
    protected sealed override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic)
    {
        var module = diagnostic.Properties["module"];
        editor.InsertBefore(Place(node, diagnostic)!, module == "this" ? $"{method}();" : $"{module}.{method}();");
    }

    /// <summary>Before the loop, if nothing in the loop changes the mode or the module.</summary>
    private static StatementSyntax? Place(SyntaxNode node, Diagnostic diagnostic)
    {
        var start = diagnostic.AdditionalLocations.Count > 0 ? node.SyntaxTree.GetRoot().FindNode(diagnostic.AdditionalLocations[0].SourceSpan) : node;
        var place = Statements.Around(start);
        while (place?.Parent?.Parent is StatementSyntax loop and (
            ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax)
            && loop.Parent is BlockSyntax or GlobalStatementSyntax
            && !Touches(loop, diagnostic.Properties["module"]!))
        {
            place = loop;
        }

        return place;
    }

    private static bool Touches(SyntaxNode loop, string module) =>
        loop.DescendantNodes().Any(node => node switch
        {
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "train" or "eval" } } => true,
            InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "train" or "eval" } } => true,
            VariableDeclaratorSyntax declarator => declarator.Identifier.Text == module,
            ForEachStatementSyntax each => each.Identifier.Text == module,
            AssignmentExpressionSyntax assignment => assignment.Left.ToString() == module,
            _ => false,
        });
}

/// <summary>SN1001: <c>eval()</c> before a module that runs without gradients.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TrainWithoutGradientsFix))]
public sealed class TrainWithoutGradientsFix() : SetModeFix("SN1001", "eval");

/// <summary>SN1002: <c>eval()</c> in a method that predicts.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ModeNotSetFix))]
public sealed class ModeNotSetFix() : SetModeFix("SN1002", "eval");

/// <summary>SN1003: <c>train()</c> before a training step.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(StepInEvalModeFix))]
public sealed class StepInEvalModeFix() : SetModeFix("SN1003", "train");

/// <summary>SN1010: <c>eval()</c> after loading.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LoadedWithoutEvalFix))]
public sealed class LoadedWithoutEvalFix() : SetModeFix("SN1010", "eval");
