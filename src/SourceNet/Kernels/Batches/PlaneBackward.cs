using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SourceNet.Activations;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>
/// The gradients of <see cref="PlaneForward{TActivation, TMasking}"/>. With g = gradient · mask · activation'(z) and n̂ = (x − mean) · inverse, over all numbers of a channel:
/// bias Σg, weight Σg·n̂, and <c>dx = (g − mean(g) − n̂ · mean(g · n̂)) · scale</c>; with given statistics <c>dx = g · scale</c>.
/// </summary>
/// <param name="place">Its output is the gradient of the result.</param>
/// <param name="activation">The activation.</param>
/// <param name="usesBatch">Whether statistics were those of the batch.</param>
/// <param name="inputGradient">Where dx goes; null if nobody asks.</param>
/// <param name="weightGradient">Never null.</param>
/// <param name="biasGradient">Never null.</param>
internal readonly unsafe struct PlaneBackward<TActivation, TMasking>(
    BatchPlace place, TActivation activation, bool usesBatch, float* inputGradient, float* weightGradient, float* biasGradient) : IChunkWork
    where TActivation : unmanaged, IActivation
    where TMasking : unmanaged, IMasking
{
    private readonly BatchPlace place = place;
    private readonly TActivation activation = activation;
    private readonly bool usesBatch = usesBatch;
    private readonly float* inputGradient = inputGradient;
    private readonly float* weightGradient = weightGradient;
    private readonly float* biasGradient = biasGradient;

    /// <summary>Σg and Σg·n̂ of a channel.</summary>
    private struct Sums
    {
        internal double Plain;
        internal double Normalized;
    }

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
        var sums = stackalloc Sums[end - first];
        new Span<Sums>(sums, end - first).Clear();
        for (var sample = 0; sample < place.Samples; sample++)
        {
            for (var channel = first; channel < end; channel++)
            {
                Sum<TLanes>(sample, channel, ref sums[channel - first]);
            }
        }

        for (var channel = first; channel < end; channel++)
        {
            weightGradient[channel] = (float)sums[channel - first].Normalized;
            biasGradient[channel] = (float)sums[channel - first].Plain;
        }

        for (var sample = 0; inputGradient is not null && sample < place.Samples; sample++)
        {
            for (var channel = first; channel < end; channel++)
            {
                var (plain, normalized) = usesBatch ? (sums[channel - first].Plain / place.Count, sums[channel - first].Normalized / place.Count) : (0, 0);
                Input<TLanes>(sample, channel, (float)plain, (float)normalized);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Sum<TLanes>(int sample, int channel, ref Sums sums)
        where TLanes : struct, ILanes<TLanes>
    {
        const int Block = 4096;
        var place = this.place;
        var activation = this.activation;
        var offset = place.Offset(sample, channel);
        var x = place.Input + offset;
        var dy = place.Output + offset;
        var factor = ChannelFactor<TLanes>(sample, channel);
        var mean = TLanes.All(place.Mean[channel]);
        var inverse = TLanes.All(place.Inverse[channel]);
        var scale = TLanes.All(place.Inverse[channel] * place.Weight[channel]);
        var bias = TLanes.All(place.Bias[channel]);
        for (var start = 0; start < place.Plane; start += Block)
        {
            var end = Math.Min(place.Plane, start + Block);
            TLanes plain = default, normalized = default;
            var i = start;
            for (; i <= end - TLanes.Count; i += TLanes.Count)
            {
                var value = TLanes.Load(x + i);
                var g = Masked(place, BatchMath.Gradient(activation, TLanes.Load(dy + i), value, mean, scale, bias), factor, (uint)(offset + i));
                plain += g;
                normalized = TLanes.MultiplyAdd(g, (value - mean) * inverse, normalized);
            }

            if (i < end)
            {
                var value = TLanes.LoadFirst(x + i, end - i);
                var g = Masked(place, BatchMath.Gradient(activation, TLanes.LoadFirst(dy + i, end - i), value, mean, scale, bias), factor, (uint)(offset + i)) & TLanes.First(end - i);
                plain += g;
                normalized = TLanes.MultiplyAdd(g, (value - mean) * inverse, normalized);
            }

            sums.Plain += TLanes.Sum(plain);
            sums.Normalized += TLanes.Sum(normalized);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Input<TLanes>(int sample, int channel, float meanOfPlain, float meanOfNormalized)
        where TLanes : struct, ILanes<TLanes>
    {
        // Copies: what is read through the struct would be read again after each store.
        var place = this.place;
        var activation = this.activation;
        var offset = place.Offset(sample, channel);
        var length = place.Plane;
        var x = place.Input + offset;
        var dy = place.Output + offset;
        var dx = inputGradient + offset;
        var factor = ChannelFactor<TLanes>(sample, channel);
        var mean = TLanes.All(place.Mean[channel]);
        var scale = TLanes.All(place.Inverse[channel] * place.Weight[channel]);
        var bias = TLanes.All(place.Bias[channel]);
        var plain = TLanes.All(meanOfPlain);
        // n̂ · mean(g · n̂), with the factor of n̂ drawn in.
        var slope = TLanes.All(meanOfNormalized * place.Inverse[channel]);
        var i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            var value = TLanes.Load(x + i);
            var g = Masked(place, BatchMath.Gradient(activation, TLanes.Load(dy + i), value, mean, scale, bias), factor, (uint)(offset + i));
            ((g - plain - ((value - mean) * slope)) * scale).Store(dx + i);
        }

        if (i < length)
        {
            var value = TLanes.LoadFirst(x + i, length - i);
            var g = Masked(place, BatchMath.Gradient(activation, TLanes.LoadFirst(dy + i, length - i), value, mean, scale, bias), factor, (uint)(offset + i));
            ((g - plain - ((value - mean) * slope)) * scale).StoreFirst(dx + i, length - i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes ChannelFactor<TLanes>(int sample, int channel)
        where TLanes : struct, ILanes<TLanes> =>
        TMasking.Drops && place.DropsChannels
            ? TLanes.All(place.Mask.Keeps((uint)((sample * place.Channels) + channel)) ? place.Mask.Scale : 0)
            : TLanes.All(1f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Masked<TLanes>(in BatchPlace place, TLanes g, TLanes factor, uint index)
        where TLanes : struct, ILanes<TLanes> =>
        !TMasking.Drops ? g : g * (place.DropsChannels ? factor : BatchMath.Factor<TMasking, TLanes>(place.Mask, index));
}
