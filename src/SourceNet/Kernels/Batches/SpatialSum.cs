using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>The sum that is normalized, one tile at a time: the step that reads it next finds it in the cache.</summary>
internal static unsafe class SpatialSum
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Write<TVector>(in BatchNormArguments arguments, long channel, in SpatialTile tile)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var count = tile.Count;
        for (var sample = tile.FirstSample; sample < tile.FirstSample + tile.Samples; sample++)
        {
            var start = (((sample * arguments.Channels) + channel) * arguments.Size) + tile.Offset;
            var one = arguments.Base + start;
            var other = arguments.Body + start;
            var sum = arguments.X + start;
            // Times 1 nothing is rounded: without a path this is the sum.
            var factors = TVector.Broadcast(arguments.HasPath ? arguments.Path.Factor((uint)sample) : 1);
            var index = 0L;
            for (; index <= count - TVector.Count; index += TVector.Count)
            {
                Step(factors, one + index, other + index, sum + index, default(FullVector));
            }

            if (index < count)
            {
                Step(factors, one + index, other + index, sum + index, new PartialVector((int)(count - index)));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TVector, TExtent>(TVector factors, float* one, float* other, float* sum, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent =>
        extent.Store(TVector.MultiplyAdd(extent.Load<TVector>(other), factors, extent.Load<TVector>(one)), sum);
}
