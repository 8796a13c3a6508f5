using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SourceNet.Modeling.Recognized;

/// <summary>Where a value is kept: a variable of a call, a member of an object, the content of a list (no symbol).</summary>
internal readonly record struct Cell(int Owner, ISymbol? Symbol)
{
    /// <summary>Whether this is a variable, which ends with its call.</summary>
    public bool IsVariable => Symbol is ILocalSymbol or IParameterSymbol;

    public bool Equals(Cell other) => Owner == other.Owner && SymbolEqualityComparer.Default.Equals(Symbol, other.Symbol);

    public override int GetHashCode() => unchecked((Owner * 31) + (Symbol is null ? 0 : SymbolEqualityComparer.Default.GetHashCode(Symbol)));
}

/// <summary>Everything that is known at one point of a run. Immutable, so that a branch starts from what was before it.</summary>
/// <param name="Variables">The variables of the calls that are being read: few, and changed all the time.</param>
/// <param name="Objects">The members of objects and the contents of lists: many, and hardly changed outside of constructors.</param>
internal sealed record Heap(ImmutableDictionary<Cell, Value> Variables, ImmutableDictionary<Cell, Value> Objects)
{
    public static Heap Empty { get; } = new(ImmutableDictionary<Cell, Value>.Empty, ImmutableDictionary<Cell, Value>.Empty);

    public Value? this[Cell cell] => (cell.IsVariable ? Variables : Objects).TryGetValue(cell, out var value) ? value : null;

    public Heap With(Cell cell, Value value) => cell.IsVariable ? new(Variables.SetItem(cell, value), Objects) : new(Variables, Objects.SetItem(cell, value));

    /// <summary>The same without the variables of a call that has returned.</summary>
    public Heap Without(int owner) => new(Variables.RemoveRange(Variables.Keys.Where(cell => cell.Owner == owner).ToList()), Objects);

    /// <summary>What holds after either of two paths.</summary>
    public static Heap Join(Heap left, Heap right, Func<Value, Value, Value> join) =>
        new(Join(left.Variables, right.Variables, join), Join(left.Objects, right.Objects, join));

    private static ImmutableDictionary<Cell, Value> Join(
        ImmutableDictionary<Cell, Value> left,
        ImmutableDictionary<Cell, Value> right,
        Func<Value, Value, Value> join)
    {
        if (ReferenceEquals(left, right))
        {
            return left;
        }

        var cells = left.ToBuilder();
        foreach (var pair in right)
        {
            if (!cells.TryGetValue(pair.Key, out var other))
            {
                cells[pair.Key] = pair.Value;
            }
            else if (!ReferenceEquals(other, pair.Value) && !other.Equals(pair.Value))
            {
                cells[pair.Key] = join(other, pair.Value);
            }
        }

        return cells.ToImmutable();
    }
}
