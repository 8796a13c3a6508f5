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

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Run<TLanes>(int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        // Copies: what is read through the struct would be read again after each store.
        var place = this.place;
        var activation = this.activation;
        var first = chunk * place.ChannelsPerChunk;
        var count = Math.Min(place.Channels - first, place.ChannelsPerChunk);
        var buffer = stackalloc float[5 * ColumnSums.MostColumns];
        new Span<float>(buffer, 5 * ColumnSums.MostColumns).Clear();
        var scales = buffer;
        var (plain, normalized) = (ColumnSums.MostColumns, 2 * ColumnSums.MostColumns);
        for (var i = 0; i < count; i++)
        {
            scales[i] = place.Inverse[first + i] * place.Weight[first + i];
        }

        for (var start = 0; start < place.Samples; start += ColumnSums.Block)
        {
            var recent = buffer + (3 * ColumnSums.MostColumns);
            new Span<float>(recent, 2 * ColumnSums.MostColumns).Clear();
            var end = Math.Min(place.Samples, start + ColumnSums.Block);
            for (var sample = start; sample < end; sample++)
            {
                for (var i = 0; i < count; i += TLanes.Count)
                {
                    var lanes = Math.Min(TLanes.Count, count - i);
                    var (g, centered) = Gradient<TLanes>(place, activation, scales, sample, first, i, lanes);
                    (TLanes.Load(recent + i) + g).Store(recent + i);
                    var other = recent + ColumnSums.MostColumns + i;
                    TLanes.MultiplyAdd(g, centered * LanesMemory.Load<TLanes>(place.Inverse + first + i, lanes), TLanes.Load(other)).Store(other);
                }
            }

            ColumnSums.Flush<TLanes>(buffer + plain, recent, count);
            ColumnSums.Flush<TLanes>(buffer + normalized, recent + ColumnSums.MostColumns, count);
        }

        for (var i = 0; i < count; i++)
        {
            weightGradient[first + i] = buffer[normalized + i];
            biasGradient[first + i] = buffer[plain + i];
            buffer[plain + i] = usesBatch ? buffer[plain + i] / place.Samples : 0;
            buffer[normalized + i] = usesBatch ? buffer[normalized + i] / place.Samples * place.Inverse[first + i] : 0;
        }

        for (var sample = 0; inputGradient is not null && sample < place.Samples; sample++)
        {
            for (var i = 0; i < count; i += TLanes.Count)
            {
                var lanes = Math.Min(TLanes.Count, count - i);
                var (g, centered) = Gradient<TLanes>(place, activation, scales, sample, first, i, lanes);
                var result = (g - TLanes.Load(buffer + plain + i) - (centered * TLanes.Load(buffer + normalized + i))) * TLanes.Load(scales + i);
                result.StoreLanes(inputGradient + ((long)sample * place.Channels) + first + i, lanes);
            }
        }
    }

    /// <summary>The gradient of what goes into the activation, and x − mean.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TLanes Gradient, TLanes Centered) Gradient<TLanes>(in BatchPlace place, TActivation activation, float* scales, int sample, int first, int i, int lanes)
        where TLanes : struct, ILanes<TLanes>
    {
        var offset = ((long)sample * place.Channels) + first + i;
        var x = LanesMemory.Load<TLanes>(place.Input + offset, lanes);
        var mean = LanesMemory.Load<TLanes>(place.Mean + first + i, lanes);
        var bias = LanesMemory.Load<TLanes>(place.Bias + first + i, lanes);
        var g = BatchMath.Gradient(activation, LanesMemory.Load<TLanes>(place.Output + offset, lanes), x, mean, TLanes.Load(scales + i), bias);
        return (TMasking.Drops ? g * BatchMath.Factor<TMasking, TLanes>(place.Mask, (uint)offset) : g, x - mean);
    }
}
