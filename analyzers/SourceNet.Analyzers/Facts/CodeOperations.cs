using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace SourceNet.Analyzers.Facts;

/// <summary>
/// The operations of any code of a compilation. Most come from the actions of the compiler, which has bound them for all analyzers. Those of code that lies
/// in another file than the one looked at, such as the base of a class, are bound here, and nowhere else.
/// </summary>
internal sealed class CodeOperations
{
    private static readonly ConditionalWeakTable<Compilation, CodeOperations> s_known = new();

    private readonly Compilation _compilation;
    private readonly ConcurrentDictionary<SyntaxNode, IOperation> _bodies = new();
    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel> _models = new();

    private CodeOperations(Compilation compilation) => _compilation = compilation;

    /// <summary>The operations of a compilation. They live as long as it does.</summary>
    public static CodeOperations Of(Compilation compilation) => s_known.GetValue(compilation, static compilation => new(compilation));

    /// <summary>Takes the body of a member that the compiler has bound.</summary>
    public void Add(IOperation body) => _bodies.TryAdd(body.Syntax, body);

    /// <summary>Whether a file belongs to the compilation. The source of a referenced project is there too, but its operations are not.</summary>
    public bool Covers(SyntaxTree tree) => _compilation.ContainsSyntaxTree(tree);

    /// <summary>The operation of a node; null if it is none, or lies in another compilation.</summary>
    public IOperation? Of(SyntaxNode node, CancellationToken cancellation)
    {
        if (_bodies.TryGetValue(node, out var known))
        {
            return known;
        }

        return _compilation.ContainsSyntaxTree(node.SyntaxTree) ? ModelOf(node.SyntaxTree).GetOperation(node, cancellation) : null;
    }

    /// <summary>The body of a member, kept for the next who asks.</summary>
    public IOperation? BodyOf(SyntaxNode member, CancellationToken cancellation) =>
        Of(member, cancellation) is { } body ? _bodies.GetOrAdd(member, body) : null;

    private SemanticModel ModelOf(SyntaxTree tree) => _models.GetOrAdd(
        tree,
#pragma warning disable RS1030 // No context hands out the model of another file. Asked of few types, and one model a file serves all rules.
        file => _compilation.GetSemanticModel(file));
#pragma warning restore RS1030
}
