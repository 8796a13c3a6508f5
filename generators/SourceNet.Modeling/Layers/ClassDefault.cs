namespace SourceNet.Modeling.Layers;

/// <summary>Where a layer that a class says for its blocks goes, in this order after the last weighted layer.</summary>
public enum TailPlace
{
    Norm,
    Activation,
    Dropout,

    /// <summary>Behind all layers of a residual block.</summary>
    End,
}

/// <summary>A layer as what a class gives its blocks.</summary>
/// <param name="Place">Where it goes.</param>
/// <param name="Attribute">Its attribute, for messages.</param>
/// <param name="Needs">What a block must have to get it.</param>
public sealed record ClassDefault(TailPlace Place, string Attribute, string Needs)
{
    /// <summary>Whether it means feature maps, so that only blocks that end in a convolution get it.</summary>
    public bool NeedsConvolution { get; init; }
}
