namespace SourceNet.Modeling.Sizes;

/// <summary>Which axis of a sample holds the channels.</summary>
public enum Layout
{
    /// <summary>Not said yet: the input of a model.</summary>
    Open,

    /// <summary><c>[C, ...]</c>: images and what convolutions make.</summary>
    ChannelsFirst,

    /// <summary><c>[..., dim]</c>: sequences and what linear layers make.</summary>
    FeaturesLast,
}

/// <summary>The shape of one sample, without the batch. May be <see cref="Unknown"/>; single sizes may be unknown too.</summary>
public sealed record Shape(EquatableArray<Dim> Dims, Layout Layout, bool IsKnown = true)
{
    public static Shape Unknown { get; } = new(default, Layout.Open, IsKnown: false);

    /// <summary>Whether the elements are indices into a table, such as tokens.</summary>
    public bool IsIndices { get; init; }

    public int Rank => Dims.Count;

    public Dim Last => Rank > 0 ? Dims[Rank - 1] : Dim.Unknown;

    /// <summary>The number of elements.</summary>
    public Dim Elements => IsKnown ? Dims.Aggregate((Dim)1, (product, dim) => product * dim) : Dim.Unknown;

    /// <summary>The axis that holds the channels, counted in the sample.</summary>
    public int ChannelAxis => Layout == Layout.ChannelsFirst || (Layout == Layout.Open && Rank >= 3) ? 0 : Rank - 1;

    /// <summary>Images whose layout nobody said are channels first, as everywhere in PyTorch.</summary>
    public bool IsChannelsFirst => ChannelAxis == 0 && Rank > 1;

    public static Shape Of(Layout layout, params Dim[] dims) => new(dims.ToEquatableArray(), layout);

    public Shape With(int axis, Dim size) => this with { Dims = Dims.Select((dim, i) => i == axis ? size : dim).ToEquatableArray() };

    public static bool SurelyDiffer(Shape left, Shape right) =>
        left.IsKnown && right.IsKnown && (left.Rank != right.Rank || left.Dims.Zip(right.Dims, Dim.SurelyDiffer).Any(differ => differ));

    public Shape Substitute(Func<string, Dim?> valueOf) => this with { Dims = Dims.Select(dim => dim.Substitute(valueOf)).ToEquatableArray() };

    public override string ToString() => IsKnown ? $"[{string.Join(", ", Dims)}]" : "[?]";
}
