using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Facts;

/// <summary>
/// The definitions and uses of the local variables of one member, lambdas and local functions included, and its control flow graph. Safe to use from several
/// threads.
/// </summary>
internal sealed class BodyFacts
{
    // By the outermost operation, which lives as long as the compiler keeps the member bound.
    private static readonly ConditionalWeakTable<IOperation, BodyFacts> s_known = new();

    private readonly Dictionary<ILocalSymbol, Local> _locals = new(SymbolEqualityComparer.Default);
    private readonly IOperation _root;
    private ControlFlowGraph? _graph;

    private BodyFacts(IOperation root)
    {
        _root = root;
        foreach (var operation in root.Descendants())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation declarator:
                    Of(declarator.Symbol).Initial = declarator.GetVariableInitializer()?.Value;
                    break;
                case ILocalReferenceOperation reference:
                    Note(reference);
                    break;
            }
        }
    }

    /// <summary>The facts about the member that an operation is in.</summary>
    public static BodyFacts Around(IOperation operation) => s_known.GetValue(operation.Root(), static root => new(root));

    /// <summary>The only value that a local variable ever has, that of its declaration; null if it is written again, or by reference.</summary>
    public IOperation? OnlyValue(ILocalSymbol local) => _locals.TryGetValue(local, out var known) && !known.IsWrittenAgain ? known.Initial : null;

    /// <summary>All places that name a variable, in the order of the source, but for its declaration.</summary>
    public IReadOnlyList<ILocalReferenceOperation> References(ILocalSymbol local) => _locals.TryGetValue(local, out var known) ? known.References : [];

    /// <summary>The control flow of the member; null where it has none.</summary>
    public ControlFlowGraph? Graph(CancellationToken cancellation) => _graph ??= _root switch
    {
        IMethodBodyOperation method => ControlFlowGraph.Create(method, cancellation),
        IConstructorBodyOperation constructor => ControlFlowGraph.Create(constructor, cancellation),
        IFieldInitializerOperation field => ControlFlowGraph.Create(field, cancellation),
        IPropertyInitializerOperation property => ControlFlowGraph.Create(property, cancellation),
        IBlockOperation bare => ControlFlowGraph.Create(bare, cancellation),
        _ => null,
    };

    private void Note(ILocalReferenceOperation reference)
    {
        var local = Of(reference.Local);
        local.References.Add(reference);
        local.IsWrittenAgain |= reference.Parent switch
        {
            IAssignmentOperation assignment => assignment.Target == reference,
            IIncrementOrDecrementOperation or IAddressOfOperation => true,
            IArgumentOperation argument => argument.Parameter?.RefKind is RefKind.Ref or RefKind.Out,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol.RefKind: RefKind.Ref } } => true,
            ITupleOperation tuple => IsDeconstructed(tuple),
            _ => false,
        };
    }

    /// <summary>Whether values go into a tuple, as in <c>(a, (b, c)) = ...</c>.</summary>
    private static bool IsDeconstructed(ITupleOperation tuple)
    {
        IOperation outer = tuple;
        while (outer.Parent is ITupleOperation around)
        {
            outer = around;
        }

        return outer.Parent is IDeconstructionAssignmentOperation assignment && assignment.Target == outer;
    }

    private Local Of(ILocalSymbol symbol)
    {
        if (!_locals.TryGetValue(symbol, out var local))
        {
            _locals[symbol] = local = new();
        }

        return local;
    }

    private sealed class Local
    {
        public IOperation? Initial { get; set; }

        public bool IsWrittenAgain { get; set; }

        public List<ILocalReferenceOperation> References { get; } = [];
    }
}
