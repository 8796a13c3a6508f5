using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SourceNet.Activations;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

/// <summary>
/// The gradients of <see cref="RowForward{TNorm, TActivation, TMasking}"/>. With g = gradient · mask · activation'(z), n̂ the normalized row, and h = g · weight:
/// <c>dx = (h − mean(h) − n̂ · mean(h · n̂)) · inverse</c>, without mean(h) where the norm does not center; the sums of g · n̂ and of g over all rows belong to weight and bias.
/// </summary>
/// <param name="place">Its output is the gradient of the result, its input the sum if there was a residual.</param>
/// <param name="activation">The activation.</param>
/// <param name="inputGradient">Where dx goes; it holds h meanwhile.</param>
/// <param name="sumGradient">A gradient that the sum has from elsewhere, added to dx; null for none.</param>
/// <param name="sums">For each chunk, <see cref="ChunkFloats"/>: the sums over its rows.</param>
internal readonly unsafe struct RowBackward<TNorm, TActivation, TMasking>(RowPlace place, TActivation activation, float* inputGradient, float* sumGradient, float* sums) : IChunkWork
    where TNorm : unmanaged, INorm
    where TActivation : unmanaged, IActivation
    where TMasking : unmanaged, IMasking
{
    /// <summary>So many rows are summed before their sum is added to that of the chunk: small numbers are not lost in large sums.</summary>
    private const int FlushedRows = 64;

    private readonly RowPlace place = place;
    private readonly TActivation activation = activation;
    private readonly float* inputGradient = inputGradient;
    private readonly float* sumGradient = sumGradient;
    private readonly float* sums = sums;

    /// <summary>Sums of weight and bias of the chunk, then those of the rows since the last flush.</summary>
    internal static long ChunkFloats(int width) => 4L * Padded(width);

    /// <summary>Where the sums for the bias begin after those for the weight.</summary>
    internal static int Padded(int width) => (width + 15) & ~15;

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
        var width = place.Width;
        var padded = Padded(width);
        var total = sums + (chunk * ChunkFloats(width));
        var recent = total + (2 * padded);
        new Span<float>(total, 4 * padded).Clear();
        var first = (long)chunk * place.RowsPerChunk;
        var end = Math.Min(place.Rows, first + place.RowsPerChunk);
        for (var row = first; row < end; row++)
        {
            Row<TLanes>(place, activation, inputGradient, sumGradient, row, recent, recent + padded);
            if ((row - first) % FlushedRows == FlushedRows - 1 || row == end - 1)
            {
                Flush<TLanes>(total, recent, 2 * padded);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<TLanes>(in RowPlace place, TActivation activation, float* inputGradient, float* sumGradient, long row, float* weightSum, float* biasSum)
        where TLanes : struct, ILanes<TLanes>
    {
        var width = place.Width;
        var vectors = width - (width % TLanes.Count);
        var rest = width - vectors;
        var x = place.Input + (row * width);
        var dy = place.Output + (row * width);
        var dx = inputGradient + (row * width);
        var inverse = TLanes.All(place.Inverse[row]);
        var mean = TNorm.Centers ? TLanes.All(place.Mean[row]) : default;
        var index = (uint)(row * width);
        TLanes plain = default, weighted = default;
        for (var i = 0; i < vectors; i += TLanes.Count)
        {
            var normalized = RowMath.Normalized<TNorm, TLanes>(TLanes.Load(x + i), mean, inverse);
            var weight = TLanes.Load(place.Weight + i);
            var bias = TNorm.Centers ? TLanes.Load(place.Bias + i) : default;
            var g = Gradient(activation, place.Mask, TLanes.Load(dy + i), normalized, weight, bias, index + (uint)i);
            var h = g * weight;
            h.Store(dx + i);
            weighted = TLanes.MultiplyAdd(h, normalized, weighted);
            TLanes.MultiplyAdd(g, normalized, TLanes.Load(weightSum + i)).Store(weightSum + i);
            if (TNorm.Centers)
            {
                plain += h;
                (TLanes.Load(biasSum + i) + g).Store(biasSum + i);
            }
        }

        if (rest > 0)
        {
            var inside = TLanes.First(rest);
            var normalized = RowMath.Normalized<TNorm, TLanes>(TLanes.LoadFirst(x + vectors, rest), mean, inverse) & inside;
            var weight = TLanes.LoadFirst(place.Weight + vectors, rest);
            var bias = TNorm.Centers ? TLanes.LoadFirst(place.Bias + vectors, rest) : default;
            var g = Gradient(activation, place.Mask, TLanes.LoadFirst(dy + vectors, rest), normalized, weight, bias, index + (uint)vectors) & inside;
            var h = g * weight;
            h.StoreFirst(dx + vectors, rest);
            weighted = TLanes.MultiplyAdd(h, normalized, weighted);
            TLanes.MultiplyAdd(g, normalized, TLanes.Load(weightSum + vectors)).Store(weightSum + vectors);
            if (TNorm.Centers)
            {
                plain += h;
                (TLanes.Load(biasSum + vectors) + g).Store(biasSum + vectors);
            }
        }

        var meanOfWeighted = TLanes.All(TLanes.Sum(weighted) / width);
        var meanOfPlain = TNorm.Centers ? TLanes.All(TLanes.Sum(plain) / width) : default;
        for (var i = 0; i < vectors; i += TLanes.Count)
        {
            var result = Input(TLanes.Load(dx + i), TLanes.Load(x + i), mean, inverse, meanOfPlain, meanOfWeighted);
            (sumGradient is null ? result : result + TLanes.Load(sumGradient + (row * width) + i)).Store(dx + i);
        }

        if (rest > 0)
        {
            var result = Input(TLanes.LoadFirst(dx + vectors, rest), TLanes.LoadFirst(x + vectors, rest), mean, inverse, meanOfPlain, meanOfWeighted);
            (sumGradient is null ? result : result + TLanes.LoadFirst(sumGradient + (row * width) + vectors, rest)).StoreFirst(dx + vectors, rest);
        }
    }

    /// <summary>The gradient of what goes into the activation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Gradient<TLanes>(TActivation activation, in KeepMask mask, TLanes dy, TLanes normalized, TLanes weight, TLanes bias, uint index)
        where TLanes : struct, ILanes<TLanes>
    {
        var kept = TMasking.Drops ? dy * (TLanes.All(mask.Scale) & TLanes.Keep(mask, index)) : dy;
        return kept * activation.Derivative(RowMath.Affine<TNorm, TLanes>(normalized, weight, bias));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Input<TLanes>(TLanes h, TLanes x, TLanes mean, TLanes inverse, TLanes meanOfPlain, TLanes meanOfWeighted)
        where TLanes : struct, ILanes<TLanes>
    {
        var centered = (TNorm.Centers ? h - meanOfPlain : h) - (RowMath.Normalized<TNorm, TLanes>(x, mean, inverse) * meanOfWeighted);
        return centered * inverse;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Flush<TLanes>(float* total, float* recent, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        for (var i = 0; i < count; i += TLanes.Count)
        {
            (TLanes.Load(total + i) + TLanes.Load(recent + i)).Store(total + i);
            default(TLanes).Store(recent + i);
        }
    }
}
