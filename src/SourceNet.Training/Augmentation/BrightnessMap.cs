using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SourceNet.Training;

/// <summary>Brightness: <c>min(b · x, 255)</c>.</summary>
internal readonly struct BrightnessMap(float brightness) : IPixelMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Of(Vector256<float> x) => Vector256.Min(x * Vector256.Create(brightness), Vector256.Create(255f));
}
