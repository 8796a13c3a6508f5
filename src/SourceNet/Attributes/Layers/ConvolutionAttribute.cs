namespace SourceNet;

/// <summary>
/// What all convolutions share. Every window setting is an <see cref="int"/> for all axes, an <c>int[]</c> with one value an axis, or an expression
/// (<c>"stride"</c>, <c>"3, 1"</c>).
/// </summary>
public abstract class ConvolutionAttribute : WeightedLayerAttribute
{
    /// <summary>Initialises the attribute with the number of output channels: an <see cref="int"/> or an expression.</summary>
    protected ConvolutionAttribute(object outChannels) => OutChannels = outChannels;

    /// <summary>The number of channels after the layer.</summary>
    public object OutChannels { get; }

    /// <summary>The size of the kernel. Required.</summary>
    public object? Kernel { get; set; }

    /// <summary>The step of the kernel; 1 if nothing is said.</summary>
    public object Stride { get; set; } = 1;

    /// <summary>Zeros added on both sides; 0 if nothing is said. <c>"same"</c> keeps the size (stride 1 and an odd extent only).</summary>
    public object Padding { get; set; } = 0;

    /// <summary>The distance between kernel cells; 1 if nothing is said.</summary>
    public object Dilation { get; set; } = 1;

    /// <summary>The number of groups that input and output channels are split into; 1 if nothing is said.</summary>
    public object Groups { get; set; } = 1;
}
