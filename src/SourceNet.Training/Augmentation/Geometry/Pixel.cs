using System.Runtime.CompilerServices;

namespace SourceNet.Training;

/// <summary>Checks what arguments call the fill.</summary>
internal static class Pixel
{
    /// <summary>The number, if it is what a pixel can be.</summary>
    internal static byte Check(int value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value is >= 0 and <= 255 ? (byte)value : throw new ArgumentOutOfRangeException(name, value, "What fills an image is at least 0 and at most 255.");

    /// <summary>The number, if it is at least 0 and finite.</summary>
    internal static double CheckRange(double range, string what, [CallerArgumentExpression(nameof(range))] string? name = null) =>
        range >= 0 && double.IsFinite(range) ? range : throw new ArgumentOutOfRangeException(name, range, $"{what} must be at least 0 and finite.");
}
