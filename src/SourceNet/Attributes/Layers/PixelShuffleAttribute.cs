namespace SourceNet;

/// <summary>Makes an image larger by taking channels apart: <c>[C · f², H, W] → [C, f · H, f · W]</c> (Shi et al. 2016).</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class PixelShuffleAttribute : LayerAttribute
{
    /// <param name="factor">How many times larger height and width become, at least 1; its square must divide the channels.</param>
    public PixelShuffleAttribute(int factor) => Factor = factor;

    /// <param name="factor">The factor as an expression over constructor parameters and constants.</param>
    public PixelShuffleAttribute(string factor) => Factor = factor;

    /// <summary>How many times larger height and width become, at least 1; its square must divide the channels: a number or an expression.</summary>
    public object Factor { get; }
}
