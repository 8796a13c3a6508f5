namespace SourceNet;

/// <summary>A fully connected layer, <c>y = x Wᵀ + b</c>, on the last axis: <c>[..., in] → [..., out]</c>. The input size is inferred.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class LinearAttribute : WeightedLayerAttribute
{
    /// <param name="outFeatures">The size of the last axis after the layer, at least 1.</param>
    public LinearAttribute(int outFeatures) => OutFeatures = outFeatures;

    /// <param name="outFeatures">The size as an expression over constructor parameters and constants: <c>"4 * dim"</c>.</param>
    public LinearAttribute(string outFeatures) => OutFeatures = outFeatures;

    /// <summary>The size of the last axis after the layer: an <see cref="int"/> or an expression.</summary>
    public object OutFeatures { get; }

    /// <summary>
    /// The block whose weight this layer shares, as <c>nameof(Embed)</c>. Its first weighted layer must have a weight of the shape <c>[out, in]</c>.
    /// </summary>
    public string? TiedTo { get; set; }
}
