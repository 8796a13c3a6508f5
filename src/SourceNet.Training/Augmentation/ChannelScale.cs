using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SourceNet.Training;

/// <summary><c>scale · x + shift</c> for x from 0 to 255.</summary>
internal readonly record struct ChannelScale(float Scale, float Shift) : IPixelMap
{
    /// <summary>To values in [0, 1].</summary>
    internal static ChannelScale Unit { get; } = Of(0, 1);

    internal static ChannelScale Of(double mean, double standardDeviation) => new((float)(1 / (255 * standardDeviation)), (float)(-mean / standardDeviation));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Of(Vector256<float> x) => (x * Vector256.Create(Scale)) + Vector256.Create(Shift);
}
