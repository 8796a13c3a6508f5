using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace SourceNet.Analyzers.Flow;

/// <summary>
/// A forward data-flow analysis over one control flow graph: states are joined where paths meet, until none changes. Loops, <c>using</c>, exceptions, catch and
/// finally regions are followed; a finally region is looked at once for each way into it, so that what an exception leaves behind does not blur what the
/// regular path knows.
/// </summary>
/// <typeparam name="TState">What is known at a place. It never changes, and it must not be refined forever: joins have to settle.</typeparam>
internal abstract class ForwardAnalysis<TState>
    where TState : class, IEquatable<TState>
{
    /// <summary>Longer than any method that people write and read. Beyond it the analysis gives up.</summary>
    private const int MostBlocks = 1000;

    /// <summary>Two rounds settle most methods; finally regions in each other multiply them.</summary>
    private const int MostVisits = 4 * MostBlocks;

    private readonly Dictionary<Node, TState> _entries = [];
    private readonly SortedSet<Node> _pending = new(NodeOrder.Instance);
    private readonly ContinuationTable _continuations = new();
    private bool _followsExceptions;

    protected abstract TState Join(TState one, TState other);

    /// <summary>The state after one statement, or after the value that a branch decides on.</summary>
    protected abstract TState Transfer(TState state, IOperation operation);

    /// <summary>The state on the branch that is taken when a condition has a value; null where it cannot have it.</summary>
    protected virtual TState? Assume(TState state, IOperation condition, bool value) => state;

    /// <summary>Runs to the fixpoint.</summary>
    /// <returns>The state at the regular end, or null: after too many visits, or where no path comes to the end.</returns>
    protected TState? Run(ControlFlowGraph graph, TState entry, CancellationToken cancellation)
    {
        _entries.Clear();
        _pending.Clear();
        GaveUp = graph.Blocks.Length > MostBlocks;
        if (GaveUp)
        {
            return null;
        }

        _followsExceptions = HasHandler(graph, graph.Root);
        Reach(new(graph.Blocks[0].Ordinal, null), entry);
        for (var visits = 0; _pending.Count > 0; visits++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (visits > MostVisits)
            {
                GaveUp = true;
                return null;
            }

            var node = _pending.Min;
            _pending.Remove(node);
            Visit(graph, node);
        }

        return _entries.TryGetValue(new(graph.Blocks[graph.Blocks.Length - 1].Ordinal, null), out var end) ? end : null;
    }

    /// <summary>Goes once more over every statement that a path reaches, with the states of the fixpoint.</summary>
    protected void Replay(ControlFlowGraph graph)
    {
        foreach (var node in _entries.Keys.OrderBy(node => node, NodeOrder.Instance))
        {
            var block = graph.Blocks[node.Block];
            var state = _entries[node];
            foreach (var operation in block.Operations)
            {
                state = Transfer(state, operation);
            }

            if (block.BranchValue is not { } value)
            {
                continue;
            }

            state = Transfer(state, value);
            if (block.FallThroughSuccessor?.Semantics == ControlFlowBranchSemantics.Return)
            {
                Returns(state, value);
            }
        }
    }

    /// <summary>In a replay: the method gives a value back.</summary>
    protected virtual void Returns(TState state, IOperation value)
    {
    }

    /// <summary>Whether the last run ended without a fixpoint.</summary>
    protected bool GaveUp { get; private set; }

    private void Visit(ControlFlowGraph graph, Node node)
    {
        var block = graph.Blocks[node.Block];
        var state = _entries[node];
        MayThrow(block, node.Continuation, state);
        foreach (var operation in block.Operations)
        {
            state = After(state, operation);
        }

        if (block.BranchValue is { } value)
        {
            state = After(state, value);
        }

        if (block is { ConditionalSuccessor: { } conditional, BranchValue: { } condition })
        {
            var whenTaken = block.ConditionKind == ControlFlowConditionKind.WhenTrue;
            Follow(conditional, node.Continuation, Assume(state, condition, whenTaken));
            Follow(block.FallThroughSuccessor, node.Continuation, Assume(state, condition, !whenTaken));
        }
        else
        {
            Follow(block.FallThroughSuccessor, node.Continuation, state);
        }

        TState After(TState before, IOperation operation)
        {
            var after = Transfer(before, operation);
            if (_followsExceptions && !after.Equals(before))
            {
                MayThrow(block, node.Continuation, after);
            }

            return after;
        }
    }

    private void Follow(ControlFlowBranch? branch, Continuation? continuation, TState? state)
    {
        if (branch is null || state is null)
        {
            return;
        }

        if (branch.Semantics == ControlFlowBranchSemantics.StructuredExceptionHandling)
        {
            Resume(branch.Source, continuation, state);
        }
        else if (branch.Destination is not null)
        {
            Enter(branch, 0, continuation, state);
        }
    }

    /// <summary>Goes through the finally regions that a branch leaves, from the given one on, and then where it leads.</summary>
    private void Enter(ControlFlowBranch branch, int finallyIndex, Continuation? outer, TState state)
    {
        if (finallyIndex < branch.FinallyRegions.Length)
        {
            Reach(new(branch.FinallyRegions[finallyIndex].FirstBlockOrdinal, _continuations.Of(branch, finallyIndex + 1, outer)), state);
        }
        else
        {
            Reach(new(branch.Destination!.Ordinal, outer), state);
        }
    }

    /// <summary>At the end of a finally or filter region: back to the way that led into it.</summary>
    private void Resume(BasicBlock block, Continuation? continuation, TState state)
    {
        if (continuation is null)
        {
            return;
        }

        if (continuation.Branch is { } branch)
        {
            Enter(branch, continuation.Next, continuation.Outer, state);
            return;
        }

        // The exception goes on outside of the try statement whose finally region this was.
        for (var region = block.EnclosingRegion; region is not null and not { Kind: ControlFlowRegionKind.Root }; region = region.EnclosingRegion)
        {
            if (region.Kind == ControlFlowRegionKind.Finally)
            {
                Throw(region.EnclosingRegion?.EnclosingRegion, region.EnclosingRegion, continuation.Outer, state);
                return;
            }
        }
    }

    private void MayThrow(BasicBlock block, Continuation? continuation, TState state)
    {
        if (_followsExceptions)
        {
            Throw(block.EnclosingRegion, null, continuation, state);
        }
    }

    /// <summary>
    /// Whether an exception meets code of the author on its way out. What the compiler does at the end of a <c>using</c> is none: it runs, and the method is
    /// left.
    /// </summary>
    private static bool HasHandler(ControlFlowGraph graph, ControlFlowRegion region) => region.Kind switch
    {
        ControlFlowRegionKind.Catch or ControlFlowRegionKind.Filter => true,
        ControlFlowRegionKind.Finally =>
            Enumerable.Range(region.FirstBlockOrdinal, region.LastBlockOrdinal - region.FirstBlockOrdinal + 1)
                .Any(block => graph.Blocks[block].Operations.Any(operation => !operation.IsImplicit)),
        _ => region.NestedRegions.Any(nested => HasHandler(graph, nested)),
    };

    /// <summary>Brings a state to every handler that an exception in a region may come to.</summary>
    private void Throw(ControlFlowRegion? region, ControlFlowRegion? inner, Continuation? continuation, TState state)
    {
        // Around the root of a lambda lie the regions of another graph.
        for (; region is not null and not { Kind: ControlFlowRegionKind.Root }; inner = region, region = region.EnclosingRegion)
        {
            switch (region.Kind)
            {
                case ControlFlowRegionKind.TryAndFinally when inner is { Kind: ControlFlowRegionKind.Try }:
                    Reach(new(region.NestedRegions[1].FirstBlockOrdinal, _continuations.OfException(continuation)), state);
                    return;
                case ControlFlowRegionKind.TryAndCatch when inner is { Kind: ControlFlowRegionKind.Try }:
                    foreach (var handler in region.NestedRegions.Skip(1))
                    {
                        Reach(new(handler.FirstBlockOrdinal, continuation), state);
                        if (CatchesEverything(handler))
                        {
                            return;
                        }
                    }

                    break;
                case ControlFlowRegionKind.Finally:
                    // A new exception in a finally region replaces what led into it.
                    continuation = continuation?.Outer;
                    break;
            }
        }
    }

    private static bool CatchesEverything(ControlFlowRegion handler) =>
        handler.Kind == ControlFlowRegionKind.Catch
        && (handler.ExceptionType is null or { SpecialType: SpecialType.System_Object }
            || handler.ExceptionType is { Name: "Exception", ContainingNamespace.Name: "System" });

    private void Reach(Node node, TState state)
    {
        if (!_entries.TryGetValue(node, out var known))
        {
            _entries[node] = state;
        }
        else if (Join(known, state) is var joined && !joined.Equals(known))
        {
            _entries[node] = joined;
        }
        else
        {
            return;
        }

        _pending.Add(node);
    }

    private readonly record struct Node(int Block, Continuation? Continuation);

    /// <summary>Where a finally region leads to: the rest of a branch, or the search for a handler of an exception.</summary>
    private sealed class Continuation(int number, ControlFlowBranch? branch, int next, Continuation? outer)
    {
        public int Number { get; } = number;

        public ControlFlowBranch? Branch { get; } = branch;

        /// <summary>The next finally region of the branch.</summary>
        public int Next { get; } = next;

        public Continuation? Outer { get; } = outer;
    }

    /// <summary>Makes one continuation for each way, so that nodes can be compared.</summary>
    private sealed class ContinuationTable
    {
        private readonly Dictionary<(ControlFlowBranch? Branch, int Next, Continuation? Outer), Continuation> _known = [];

        public Continuation Of(ControlFlowBranch branch, int next, Continuation? outer) => Get((branch, next, outer));

        public Continuation OfException(Continuation? outer) => Get((null, 0, outer));

        private Continuation Get((ControlFlowBranch? Branch, int Next, Continuation? Outer) key)
        {
            if (!_known.TryGetValue(key, out var continuation))
            {
                continuation = new(_known.Count + 1, key.Branch, key.Next, key.Outer);
                _known.Add(key, continuation);
            }

            return continuation;
        }
    }

    /// <summary>Blocks in the order of the source, which lets most methods settle in two rounds.</summary>
    private sealed class NodeOrder : IComparer<Node>
    {
        public static readonly NodeOrder Instance = new();

        public int Compare(Node x, Node y) =>
            x.Block != y.Block ? x.Block.CompareTo(y.Block) : (x.Continuation?.Number ?? 0).CompareTo(y.Continuation?.Number ?? 0);
    }
}
