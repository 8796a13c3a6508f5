using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SourceNet.Activations;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>
/// Batch norm, activation and dropout of feature maps, some channels at a time: all samples of a channel are read for its statistics and again, out of the cache, for the result.
/// </summary>
/// <param name="place">Mean and inverse are written if statistics are those of the batch, else read.</param>
/// <param name="activation">The activation.</param>
/// <param name="usesBatch">Whether statistics are those of the batch.</param>
internal readonly unsafe struct PlaneForward<TActivation, TMasking>(BatchPlace place, TActivation activation, bool usesBatch) : IChunkWork
    where TActivation : unmanaged, IActivation
    where TMasking : unmanaged, IMasking
{
    private readonly BatchPlace place = place;
    private readonly TActivation activation = activation;
    private readonly bool usesBatch = usesBatch;

    public void Run(int chunk)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<Lanes512>(chunk);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Run<Lanes256>(chunk);
        }
        else
        {
            Run<Lanes128>(chunk);
        }
    }

    private void Run<TLanes>(int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        var first = chunk * place.ChannelsPerChunk;
        var end = Math.Min(place.Channels, first + place.ChannelsPerChunk);
        if (usesBatch)
        {
            Statistics<TLanes>(first, end);
        }

        for (var sample = 0; sample < place.Samples; sample++)
        {
            for (var channel = first; channel < end; channel++)
            {
                Plane<TLanes>(sample, channel);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Statistics<TLanes>(int first, int end)
        where TLanes : struct, ILanes<TLanes>
    {
        var moments = stackalloc BatchMoments[end - first];
        new Span<BatchMoments>(moments, end - first).Clear();
        for (var sample = 0; sample < place.Samples; sample++)
        {
            for (var channel = first; channel < end; channel++)
            {
                moments[channel - first].Add<TLanes>(place.Input + place.Offset(sample, channel), place.Plane);
            }
        }

        for (var channel = first; channel < end; channel++)
        {
            place.Mean[channel] = (float)moments[channel - first].Mean;
            place.Inverse[channel] = (float)(1 / Math.Sqrt(moments[channel - first].Variance + place.Eps));
        }
    }

    /// <summary>Not inlined: in its caller the loop would share registers with everything else there, and run several times slower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Plane<TLanes>(int sample, int channel)
        where TLanes : struct, ILanes<TLanes>
    {
        // Copies: what is read through the struct would be read again after each store.
        var mask = place.Mask;
        var activation = this.activation;
        var offset = place.Offset(sample, channel);
        var length = place.Plane;
        var y = place.Output + offset;
        var factor = TLanes.All(1f);
        if (TMasking.Drops && place.DropsChannels)
        {
            factor = TLanes.All(place.Mask.Keeps((uint)((sample * place.Channels) + channel)) ? place.Mask.Scale : 0);
        }

        var x = place.Input + offset;
        var mean = TLanes.All(place.Mean[channel]);
        var scale = TLanes.All(place.Inverse[channel] * place.Weight[channel]);
        var bias = TLanes.All(place.Bias[channel]);
        var dropsElements = TMasking.Drops && !place.DropsChannels;
        var i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            var value = BatchMath.Value(activation, TLanes.Load(x + i), mean, scale, bias);
            if (TMasking.Drops)
            {
                value *= dropsElements ? BatchMath.Factor<TMasking, TLanes>(mask, (uint)(offset + i)) : factor;
            }

            value.Store(y + i);
        }

        if (i < length)
        {
            var value = BatchMath.Value(activation, TLanes.LoadFirst(x + i, length - i), mean, scale, bias);
            if (TMasking.Drops)
            {
                value *= dropsElements ? BatchMath.Factor<TMasking, TLanes>(mask, (uint)(offset + i)) : factor;
            }

            value.StoreFirst(y + i, length - i);
        }
    }
}
