namespace SourceNet;

/// <summary>A 2-d convolution: <c>[C, H, W] → [out, H′, W′]</c>, each axis <c>⌊(n + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1</c>.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class Conv2dAttribute : ConvolutionAttribute
{
    /// <param name="outChannels">The number of channels after the layer, at least 1.</param>
    public Conv2dAttribute(int outChannels) : base(outChannels) { }

    /// <param name="outChannels">The number of channels as an expression over constructor parameters and constants.</param>
    public Conv2dAttribute(string outChannels) : base(outChannels) { }
}
