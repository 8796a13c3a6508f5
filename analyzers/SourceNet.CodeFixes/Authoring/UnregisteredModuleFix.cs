using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;

namespace SourceNet.CodeFixes.Authoring;

/// <summary>SN5001: registers the parts at the end of each constructor.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UnregisteredModuleFix))]
public sealed class UnregisteredModuleFix() : RuleFix("SN5001", "Call RegisterComponents at the end of the constructor")
{
    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        var constructors = Constructors(node).ToList();
        return constructors.Count > 0
            && constructors.TrueForAll(constructor => constructor.Body is { } body && !body.DescendantNodes().Any(inner => inner is ReturnStatementSyntax));
    }

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic)
    {
        var call = SyntaxFactory.ParseStatement("RegisterComponents();\n").WithAdditionalAnnotations(Formatter.Annotation);
        foreach (var constructor in Constructors(node))
        {
            editor.ReplaceNode(constructor.Body!, constructor.Body!.AddStatements(call));
        }
    }

    /// <summary>Those that call no other constructor of the class.</summary>
    private static IEnumerable<ConstructorDeclarationSyntax> Constructors(SyntaxNode node) =>
        node is not ClassDeclarationSyntax { ParameterList: null } type
            ? []
            : type.Members.OfType<ConstructorDeclarationSyntax>()
                .Where(
                    constructor =>
                        !constructor.Modifiers.Any(SyntaxKind.StaticKeyword) && constructor.Initializer?.IsKind(SyntaxKind.ThisConstructorInitializer) != true);
}
