using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace SourceNet.CodeFixes.Architecture;

/// <summary>SN3003: drops whole feature maps, where the variable that holds the layer can hold the other one too.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SpatialDropoutFix))]
public sealed class SpatialDropoutFix() : RuleFix("SN3003", "Drop whole feature maps")
{
    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) => Name(node) switch
    {
        { Parent: AttributeSyntax } => true,
        { } name when name.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } call && model.GetTypeInfo(call) is var type =>
            type.Type?.Name == "Tensor" || !SymbolEqualityComparer.Default.Equals(type.Type, type.ConvertedType),
        _ => false,
    };

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic)
    {
        var name = Name(node)!;
        var rank = diagnostic.Properties["rank"];
        var replacement = name.Identifier.ValueText switch
        {
            "dropout" => $"dropout{rank}d",
            _ when name.Parent is AttributeSyntax => "SpatialDropout",
            _ => $"Dropout{rank}d",
        };
        editor.ReplaceNode(name, SyntaxFactory.IdentifierName(replacement).WithTriviaFrom(name));
    }

    private static IdentifierNameSyntax? Name(SyntaxNode node)
    {
        var name = node.FirstAncestorOrSelf<SyntaxNode>(ancestor => ancestor is AttributeSyntax or InvocationExpressionSyntax) switch
        {
            AttributeSyntax attribute => attribute.Name as IdentifierNameSyntax,
            InvocationExpressionSyntax { Expression: IdentifierNameSyntax function } => function,
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: IdentifierNameSyntax member } } => member,
            _ => null,
        };
        return name?.Identifier.ValueText is "Dropout" or "dropout" ? name : null;
    }
}
