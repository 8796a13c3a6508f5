using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SourceNet.Modeling.Recognized;

/// <summary>The code of methods, constructors and initializers.</summary>
/// <param name="operations">Gives the operation of a node; null for a node of another compilation. The same node is asked for again.</param>
public sealed class CodeBodies(Func<SyntaxNode, CancellationToken, IOperation?> operations)
{
    /// <summary>The whole compilation, for a reader that has to look at it as it will be; null where it is as it will be.</summary>
    public Compilation? Compilation { get; init; }

    /// <summary>No code, for a reader that asks for none.</summary>
    public static CodeBodies None { get; } = new((_, _) => null);

    /// <summary>The code of a compilation, for a program that has it to itself. An analyzer gives what the compiler has bound for it.</summary>
    public static CodeBodies Of(Compilation compilation)
    {
        var models = new ConcurrentDictionary<SyntaxTree, SemanticModel>();
        var bodies = new ConcurrentDictionary<SyntaxNode, IOperation?>();
        return new CodeBodies((node, cancellation) => bodies.GetOrAdd(
            node,
            body => compilation.ContainsSyntaxTree(body.SyntaxTree)
                ? models.GetOrAdd(body.SyntaxTree, tree => compilation.GetSemanticModel(tree)).GetOperation(body, cancellation)
                : null))
        { Compilation = compilation };
    }

    /// <summary>The whole code of a method, constructor, accessor or local function; null if it has none here.</summary>
    public IOperation? Of(IMethodSymbol method, CancellationToken cancellation) =>
        Of(
            method.PartialImplementationPart ?? method,
            node => node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or ArrowExpressionClauseSyntax ? node : null,
            cancellation);

    /// <summary>The initial value of a field or property; null if it has none here.</summary>
    public IOperation? InitializerOf(ISymbol member, CancellationToken cancellation) =>
        Of(member, node => node switch
        {
            VariableDeclaratorSyntax variable => variable.Initializer,
            PropertyDeclarationSyntax property => property.Initializer,
            _ => null,
        }, cancellation);

    private IOperation? Of(ISymbol symbol, Func<SyntaxNode, SyntaxNode?> part, CancellationToken cancellation) => symbol.DeclaringSyntaxReferences
        .Select(reference => part(reference.GetSyntax(cancellation)) is { } node ? operations(node, cancellation) : null)
        .FirstOrDefault(operation => operation is not null);
}
