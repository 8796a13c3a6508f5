namespace SourceNet;

/// <summary>
/// A 2-d transposed convolution: <c>[C, H, W] → [out, H′, W′]</c>, each axis <c>(n − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ConvTranspose2dAttribute : ConvolutionAttribute
{
    /// <param name="outChannels">The number of channels after the layer, at least 1.</param>
    public ConvTranspose2dAttribute(int outChannels) : base(outChannels) { }

    /// <param name="outChannels">The number of channels as an expression over constructor parameters and constants.</param>
    public ConvTranspose2dAttribute(string outChannels) : base(outChannels) { }

    /// <summary>Added to one side of the output; 0 if nothing is said, less than the stride.</summary>
    public object OutputPadding { get; set; } = 0;
}
