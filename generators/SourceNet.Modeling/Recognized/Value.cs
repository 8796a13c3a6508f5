using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Recognized;

/// <summary>What an expression gives, as far as reading tells. Objects that change, such as lists, are names for cells of the <see cref="Heap"/>.</summary>
internal abstract record Value
{
    /// <summary>Could be anything.</summary>
    public static Value Unknown { get; } = new UnknownValue();

    public sealed record UnknownValue : Value;

    public sealed record Null : Value;

    public sealed record Whole(Dim Size) : Value;

    public sealed record Real(Rate Rate) : Value;

    public sealed record Truth(bool IsTrue) : Value;

    public sealed record Text(string Content) : Value;

    /// <summary>A member of an enum, by name.</summary>
    public sealed record Choice(string Name) : Value;

    /// <summary>A tensor: what a node of the graph gives.</summary>
    public sealed record Tensor(int Node) : Value;

    /// <summary>A module of TorchSharp that computes one thing.</summary>
    public sealed record LayerModule(int Id, Layer Layer, Dim InSize, bool? HasBias) : Value;

    /// <summary>A <c>Sequential</c>; what is in it lies in the heap.</summary>
    public sealed record Sequence(int Id) : Value;

    /// <summary>A list, array or <c>ModuleList</c>; what is in it lies in the heap.</summary>
    public sealed record List(int Id) : Value;

    /// <summary>An object of a class whose source is here; its members lie in the heap.</summary>
    public sealed record Instance(int Id, INamedTypeSymbol Type) : Value;

    /// <summary>A module of which nothing but its type is known.</summary>
    public sealed record OpaqueModule(int Id, string Type) : Value;

    public sealed record Tuple(ImmutableArray<Value> Items) : Value
    {
        public bool Equals(Tuple? other) => other is not null && Items.SequenceEqual(other.Items);

        public override int GetHashCode() => Items.Length;
    }

    /// <summary>Null on one path and this on another.</summary>
    public sealed record Maybe(Value Inner) : Value;

    /// <summary>One of several modules: which, a condition decides at run time.</summary>
    public sealed record OneOf(ImmutableArray<Value> Modules) : Value
    {
        public bool Equals(OneOf? other) => other is not null && Modules.SequenceEqual(other.Modules);

        public override int GetHashCode() => Modules.Length;
    }

    /// <summary>An expression that throws gives nothing.</summary>
    public sealed record Never : Value;

    /// <summary>The sizes of a tensor, the batch first.</summary>
    public sealed record Sizes : Value;

    /// <summary>The number of samples in a batch.</summary>
    public sealed record BatchSize : Value;

    /// <summary>A lambda or local function and the call in which it was made.</summary>
    public sealed record Function(IMethodSymbol Method, IOperation Body, Frame Frame) : Value;

    /// <summary>What is in a list, in order.</summary>
    /// <param name="IsComplete">Whether there is nothing else.</param>
    public sealed record Contents(ImmutableArray<Item> All, bool IsComplete) : Value
    {
        public static Contents Empty { get; } = new(ImmutableArray<Item>.Empty, IsComplete: true);

        public bool Equals(Contents? other) => other is not null && IsComplete == other.IsComplete && All.SequenceEqual(other.All);

        public override int GetHashCode() => All.Length;
    }

    /// <summary>An item of a list.</summary>
    /// <param name="Condition">The number of the condition under which it is there; 0 if it always is. Items of one condition are there together or not at
    /// all.</param>
    public sealed record Item(string? Name, Value Value, int Condition = 0)
    {
        public bool IsCertain => Condition == 0;
    }
}
