using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Recognized;

namespace SourceNet.Tool.Inventory;

/// <summary>Finds the models that are no class of their own: each <c>Sequential</c> that a program, a factory or a field makes.</summary>
internal static class ProgramModels
{
    public static IEnumerable<(string Name, RecognizedModel Model)> Read(Compilation compilation, ModelRecognizer recognizer, CancellationToken cancellation)
    {
        foreach (var tree in compilation.SyntaxTrees
            .Where(tree => !tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal))
            .OrderBy(tree => tree.FilePath, StringComparer.Ordinal))
        {
            var semantics = new Lazy<SemanticModel>(() => compilation.GetSemanticModel(tree));
            var members = tree.GetRoot(cancellation).DescendantNodes().OfType<InvocationExpressionSyntax>()
                .Where(IsSequential)
                .Select(Member)
                .OfType<SyntaxNode>()
                .Distinct();
            foreach (var member in members)
            {
                var symbol = semantics.Value.GetDeclaredSymbol(member is EqualsValueClauseSyntax ? member.Parent! : member, cancellation);
                if (symbol?.ContainingType is { } type && (Symbols.IsModule(type) || ModelReader.IsModel(type)))
                {
                    // The model of its class has them.
                    continue;
                }

                if (semantics.Value.GetOperation(member, cancellation) is { } body)
                {
                    foreach (var model in recognizer.Read(body, symbol as IMethodSymbol, cancellation))
                    {
                        yield return ($"{Name(symbol)}.{Variable(model.Sequence!)}", model);
                    }
                }
            }
        }
    }

    private static bool IsSequential(InvocationExpressionSyntax call) => call.Expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText == "Sequential",
        MemberAccessExpressionSyntax member => member.Name.Identifier.ValueText == "Sequential",
        _ => false,
    };

    /// <summary>The code that a call lies in: a method, an initializer, the statements of a program.</summary>
    private static SyntaxNode? Member(SyntaxNode call) =>
        call.Ancestors().FirstOrDefault(node => node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or CompilationUnitSyntax
        || node is ArrowExpressionClauseSyntax { Parent: PropertyDeclarationSyntax }
        || node is EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax or VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax } });

    private static string Name(ISymbol? symbol) => symbol switch
    {
        null => "Program",
        IMethodSymbol { IsImplicitlyDeclared: true, ContainingType: { } program } => program.ToDisplayString(),
        IMethodSymbol method when method.Name.StartsWith('<') => method.ContainingType.ToDisplayString(),
        IMethodSymbol method => $"{method.ContainingType.ToDisplayString()}.{method.Name}",
        _ => symbol.ContainingType.ToDisplayString(),
    };

    /// <summary>What the sequence is called: the variable, field or argument that it becomes.</summary>
    private static string Variable(SyntaxNode sequence) => sequence.Parent switch
    {
        EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax variable } => variable.Identifier.ValueText,
        EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax property } => property.Identifier.ValueText,
        AssignmentExpressionSyntax { Left: var target } => target.ToString(),
        _ => "Sequential",
    };
}
