using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SourceNet.Activations;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>The gradients of <see cref="ColumnForward{TActivation, TMasking}"/>, by the formulas of <see cref="PlaneBackward{TActivation, TMasking}"/>.</summary>
/// <param name="place">Its output is the gradient of the result.</param>
/// <param name="activation">The activation.</param>
/// <param name="usesBatch">Whether statistics were those of the batch.</param>
/// <param name="inputGradient">Where dx goes; null if nobody asks.</param>
/// <param name="weightGradient">Never null.</param>
/// <param name="biasGradient">Never null.</param>
internal readonly unsafe struct ColumnBackward<TActivation, TMasking>(
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
        for (var channel = first; channel < end; channel += TLanes.Count)
        {
            Columns<TLanes>(channel, Math.Min(TLanes.Count, end - channel));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Columns<TLanes>(int channel, int lanes)
        where TLanes : struct, ILanes<TLanes>
    {
        var mean = LanesMemory.Load<TLanes>(place.Mean + channel, lanes);
        var inverse = LanesMemory.Load<TLanes>(place.Inverse + channel, lanes);
        var scale = inverse * LanesMemory.Load<TLanes>(place.Weight + channel, lanes);
        var bias = LanesMemory.Load<TLanes>(place.Bias + channel, lanes);
        TLanes plain = default, normalized = default;
        for (var start = 0; start < place.Samples; start += ColumnSums.Block)
        {
            var end = Math.Min(place.Samples, start + ColumnSums.Block);
            TLanes blockPlain = default, blockNormalized = default;
            for (var sample = start; sample < end; sample++)
            {
                var offset = ((long)sample * place.Channels) + channel;
                var x = LanesMemory.Load<TLanes>(place.Input + offset, lanes);
                var g = Gradient(offset, lanes, x, mean, scale, bias);
                blockPlain += g;
                blockNormalized = TLanes.MultiplyAdd(g, (x - mean) * inverse, blockNormalized);
            }

            plain += blockPlain;
            normalized += blockNormalized;
        }

        normalized.StoreLanes(weightGradient + channel, lanes);
        plain.StoreLanes(biasGradient + channel, lanes);
        if (inputGradient is null)
        {
            return;
        }

        var count = TLanes.All(place.Samples);
        var meanOfPlain = usesBatch ? plain / count : default;
        var slope = usesBatch ? normalized / count * inverse : default;
        for (var sample = 0; sample < place.Samples; sample++)
        {
            var offset = ((long)sample * place.Channels) + channel;
            var x = LanesMemory.Load<TLanes>(place.Input + offset, lanes);
            var g = Gradient(offset, lanes, x, mean, scale, bias);
            ((g - meanOfPlain - ((x - mean) * slope)) * scale).StoreLanes(inputGradient + offset, lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TLanes Gradient<TLanes>(long offset, int lanes, TLanes x, TLanes mean, TLanes scale, TLanes bias)
        where TLanes : struct, ILanes<TLanes>
    {
        var g = BatchMath.Gradient(activation, LanesMemory.Load<TLanes>(place.Output + offset, lanes), x, mean, scale, bias);
        return TMasking.Drops ? g * BatchMath.Factor<TMasking, TLanes>(place.Mask, (uint)offset) : g;
    }
}
