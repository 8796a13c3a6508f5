namespace SourceNet;

/// <summary>A 3-d convolution: <c>[C, D, H, W] → [out, D′, H′, W′]</c>, each axis <c>⌊(n + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1</c>.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class Conv3dAttribute : ConvolutionAttribute
{
    /// <param name="outChannels">The number of channels after the layer, at least 1.</param>
    public Conv3dAttribute(int outChannels) : base(outChannels) { }

    /// <param name="outChannels">The number of channels as an expression over constructor parameters and constants.</param>
    public Conv3dAttribute(string outChannels) : base(outChannels) { }
}
