using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SourceNet.Training;

/// <summary>A function, then what standardizes the channel.</summary>
internal readonly struct ScaledMap<TMap>(TMap map, ChannelScale scale) : IPixelMap
    where TMap : struct, IPixelMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Of(Vector256<float> x) => scale.Of(map.Of(x));
}
