using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SourceNet.Modeling.Recognized;

/// <summary>Where a value is kept: a variable of a call, a member of an object, the content of a list (no symbol).</summary>
internal readonly record struct Cell(int Owner, ISymbol? Symbol)
{
    public bool Equals(Cell other) => Owner == other.Owner && SymbolEqualityComparer.Default.Equals(Symbol, other.Symbol);

    public override int GetHashCode() => unchecked((Owner * 31) + (Symbol is null ? 0 : SymbolEqualityComparer.Default.GetHashCode(Symbol)));
}

/// <summary>Everything that is known at one point of a run. Immutable, so that a branch starts from what was before it.</summary>
internal sealed record Heap(ImmutableDictionary<Cell, Value> Cells)
{
    public static Heap Empty { get; } = new(ImmutableDictionary<Cell, Value>.Empty);

    public Value? this[Cell cell] => Cells.TryGetValue(cell, out var value) ? value : null;

    public Heap With(Cell cell, Value value) => new(Cells.SetItem(cell, value));

    /// <summary>The same without the variables of a call that has returned.</summary>
    public Heap Without(int owner) => new(Cells.RemoveRange(Cells.Keys.Where(cell => cell.Owner == owner && cell.Symbol is ILocalSymbol or IParameterSymbol).ToList()));

    /// <summary>What holds after either of two paths.</summary>
    public static Heap Join(Heap left, Heap right, Func<Value, Value, Value> join)
    {
        if (ReferenceEquals(left.Cells, right.Cells))
        {
            return left;
        }

        var cells = left.Cells.ToBuilder();
        foreach (var pair in right.Cells)
        {
            cells[pair.Key] = !cells.TryGetValue(pair.Key, out var other) ? pair.Value : other.Equals(pair.Value) ? other : join(other, pair.Value);
        }

        return new(cells.ToImmutable());
    }
}
