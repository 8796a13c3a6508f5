using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SourceNet.Training;

/// <summary>Brightness, then contrast: <c>c · x + (1 − c) · gray</c>, clamped to [0, 255].</summary>
/// <param name="brightness">Comes first.</param>
/// <param name="contrast">c.</param>
/// <param name="gray">(1 − c) times the mean gray of the image, after the brightness.</param>
internal readonly struct ContrastMap(BrightnessMap brightness, float contrast, float gray) : IPixelMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Of(Vector256<float> x) => Clamp((brightness.Of(x) * Vector256.Create(contrast)) + Vector256.Create(gray));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Clamp(Vector256<float> x) => Vector256.Max(Vector256.Min(x, Vector256.Create(255f)), Vector256<float>.Zero);
}
