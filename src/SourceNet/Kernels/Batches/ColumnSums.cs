using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>Sums down columns: samples in blocks and blocks in a second sum, so that many samples lose no more than few.</summary>
internal static unsafe class ColumnSums
{
    internal const int Block = 128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Mean<TLanes>(in BatchPlace place, int channel, int lanes)
        where TLanes : struct, ILanes<TLanes>
    {
        var total = default(TLanes);
        for (var start = 0; start < place.Samples; start += Block)
        {
            var end = Math.Min(place.Samples, start + Block);
            var sum = default(TLanes);
            for (var sample = start; sample < end; sample++)
            {
                sum += LanesMemory.Load<TLanes>(place.Input + ((long)sample * place.Channels) + channel, lanes);
            }

            total += sum;
        }

        return total / TLanes.All(place.Samples);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes SquaredDistances<TLanes>(in BatchPlace place, int channel, int lanes, TLanes mean)
        where TLanes : struct, ILanes<TLanes>
    {
        var total = default(TLanes);
        for (var start = 0; start < place.Samples; start += Block)
        {
            var end = Math.Min(place.Samples, start + Block);
            var sum = default(TLanes);
            for (var sample = start; sample < end; sample++)
            {
                var distance = LanesMemory.Load<TLanes>(place.Input + ((long)sample * place.Channels) + channel, lanes) - mean;
                sum = TLanes.MultiplyAdd(distance, distance, sum);
            }

            total += sum;
        }

        return total;
    }
}
