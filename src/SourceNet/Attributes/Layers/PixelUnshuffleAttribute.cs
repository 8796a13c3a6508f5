namespace SourceNet;

/// <summary>Makes an image smaller by putting its cells into channels: <c>[C, f · H, f · W] → [C · f², H, W]</c>.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class PixelUnshuffleAttribute : LayerAttribute
{
    /// <param name="factor">How many times smaller height and width become, at least 1; it must divide both.</param>
    public PixelUnshuffleAttribute(int factor) => Factor = factor;

    /// <param name="factor">The factor as an expression over constructor parameters and constants.</param>
    public PixelUnshuffleAttribute(string factor) => Factor = factor;

    /// <summary>How many times smaller height and width become, at least 1; it must divide both: an <see cref="int"/> or an expression.</summary>
    public object Factor { get; }
}
