using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SourceNet.Modeling.Recognized;

/// <summary>The code of methods, constructors and initializers of one compilation. Safe to use from several threads.</summary>
public sealed class CodeBodies(Compilation compilation)
{
    private readonly ConcurrentDictionary<SyntaxNode, IOperation> _bodies = new();
    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel> _models = new();

    /// <summary>Takes a body that the compiler has bound already.</summary>
    public void Add(IOperation body)
    {
        while (body.Parent is { } parent)
        {
            body = parent;
        }

        _bodies.TryAdd(body.Syntax, body);
    }

    /// <summary>The whole code of a method, constructor, accessor or local function; null if it has none here.</summary>
    public IOperation? Of(IMethodSymbol method, CancellationToken cancellation) =>
        Of(method.PartialImplementationPart ?? method, node => node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or ArrowExpressionClauseSyntax ? node : null, cancellation);

    /// <summary>The initial value of a field or property; null if it has none here.</summary>
    public IOperation? InitializerOf(ISymbol member, CancellationToken cancellation) =>
        Of(member, node => node switch
        {
            VariableDeclaratorSyntax variable => variable.Initializer,
            PropertyDeclarationSyntax property => property.Initializer,
            _ => null,
        }, cancellation);

    private IOperation? Of(ISymbol symbol, Func<SyntaxNode, SyntaxNode?> part, CancellationToken cancellation)
    {
        foreach (var reference in symbol.DeclaringSyntaxReferences)
        {
            if (part(reference.GetSyntax(cancellation)) is { } node && compilation.ContainsSyntaxTree(node.SyntaxTree))
            {
                return _bodies.TryGetValue(node, out var known) ? known
                    : _models.GetOrAdd(node.SyntaxTree, tree => compilation.GetSemanticModel(tree)).GetOperation(node, cancellation) is { } body ? _bodies.GetOrAdd(node, body)
                    : null;
            }
        }

        return null;
    }
}
