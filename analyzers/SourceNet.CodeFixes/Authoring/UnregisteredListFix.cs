using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Simplification;

namespace SourceNet.CodeFixes.Authoring;

/// <summary>SN5003: a private <c>List</c> of modules becomes a <c>ModuleList</c>, where its uses stay valid.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UnregisteredListFix))]
public sealed class UnregisteredListFix() : RuleFix("SN5003", "Make it a ModuleList")
{
    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) =>
        node is VariableDeclaratorSyntax { Initializer.Value: var made, Parent: VariableDeclarationSyntax { Variables.Count: 1, Type: var list } } variable
        && list is GenericNameSyntax { Identifier.Text: "List" }
        && made is ImplicitObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: 0 } or CollectionExpressionSyntax
        && model.GetDeclaredSymbol(variable) is IFieldSymbol { DeclaredAccessibility: Accessibility.Private } field
        && variable.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type
        && type.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.Text == field.Name && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name).Symbol, field))
            .All(name => FitsModuleList(name, model));

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic)
    {
        var list = (GenericNameSyntax)((VariableDeclarationSyntax)node.Parent!).Type;
        var moduleList = SyntaxFactory.ParseTypeName($"TorchSharp.Modules.ModuleList{list.TypeArgumentList}")
            .WithTriviaFrom(list)
            .WithAdditionalAnnotations(Simplifier.Annotation);
        editor.ReplaceNode(list, moduleList);
    }

    /// <summary>Whether a use is one of what both lists have: an element, a loop, a member of <c>IList</c>, a query.</summary>
    private static bool FitsModuleList(IdentifierNameSyntax name, SemanticModel model)
    {
        ExpressionSyntax reference = name.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } qualified ? qualified : name;
        return reference.Parent switch
        {
            ElementAccessExpressionSyntax access =>
                access.ArgumentList.Arguments is [{ Expression: not (PrefixUnaryExpressionSyntax or RangeExpressionSyntax) }],
            ForEachStatementSyntax loop => loop.Expression == reference,
            MemberAccessExpressionSyntax member =>
                member.Name.Identifier.Text is "Add" or "Insert" or "Count" or "Contains" or "IndexOf" or "Remove" or "RemoveAt"
                || model.GetSymbolInfo(member).Symbol is IMethodSymbol { IsExtensionMethod: true },
            _ => false,
        };
    }
}
