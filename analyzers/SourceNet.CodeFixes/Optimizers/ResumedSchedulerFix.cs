using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes.Optimizers;

/// <summary>SN2015: starts the schedule at its beginning.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ResumedSchedulerFix))]
public sealed class ResumedSchedulerFix() : RuleFix("SN2015", "Leave last_epoch out")
{
    /// <summary>Arguments without a name that come after it would move to other parameters.</summary>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) =>
        Epoch(node) is { Parent: ArgumentListSyntax { Arguments: var arguments } } epoch
        && arguments.Skip(arguments.IndexOf(epoch) + 1).All(argument => argument.NameColon is not null);

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic)
    {
        var epoch = Epoch(node)!;
        var list = (ArgumentListSyntax)epoch.Parent!;
        editor.ReplaceNode(list, list.WithArguments(list.Arguments.Remove(epoch)));
    }

    private static ArgumentSyntax? Epoch(SyntaxNode node) => node.FirstAncestorOrSelf<ArgumentSyntax>();
}
