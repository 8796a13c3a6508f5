namespace SourceNet.Training;

/// <summary>The shape <c>[C, H, W]</c> of an image.</summary>
/// <param name="Channels">C.</param>
/// <param name="Height">H, in pixels.</param>
/// <param name="Width">W, in pixels.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>The number of values, C · H · W.</summary>
    public int Count => checked(Channels * Height * Width);

    /// <summary>The number of pixels, H · W.</summary>
    public int Pixels => checked(Height * Width);

    /// <summary><c>[C, H, W]</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"[{Channels}, {Height}, {Width}]");
}
