using System.Buffers;
using System.Runtime.CompilerServices;
using SourceNet.Activations;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

/// <summary>The memory of a backward pass over <c>[rows, features]</c>. Gradients that nobody asks for are null.</summary>
/// <remarks>
/// With z the output of the norm, g the gradient of the result and d = g · mask · f′(z) · weight, a row's gradient is <c>(d − mean(d) − x̂ · mean(d · x̂)) · inverse</c>, without mean(d) where the
/// norm does not center. The columns of g · mask · f′(z) · x̂ and g · mask · f′(z) sum up to the gradients of weight and bias.
/// </remarks>
internal unsafe struct RowBackward
{
    /// <summary>At least this many elements in a chunk.</summary>
    private const int Grain = 1 << 14;

    /// <summary>At most this many chunks, each of which has sums of columns of its own. They depend on the sizes alone, and so do the sums.</summary>
    private const int MostChunks = 64;

    /// <summary>The input of the norm.</summary>
    internal float* X;

    internal float* Gradient;
    internal float* Weight;
    internal float* Bias;
    internal float* Means;
    internal float* Inverses;

    /// <summary>What else reached the input of the norm, and is added to <see cref="XGradient"/>; may be null.</summary>
    internal float* SumGradient;

    internal float* XGradient;
    internal float* WeightGradient;
    internal float* BiasGradient;
    internal int Rows;
    internal int Features;

    internal readonly void Run<TLanes, TNorm, TActivation, TMask>(TActivation activation, TMask mask)
        where TLanes : struct, ILanes<TLanes>
        where TNorm : struct, IRowNorm
        where TActivation : unmanaged, IActivation
        where TMask : unmanaged, IMask
    {
        var chunks = (int)Math.Clamp((long)Rows * Features / Grain, 1, Math.Min(MostChunks, Rows));
        var columns = Features * ((WeightGradient is null ? 0 : 1) + (BiasGradient is null ? 0 : 1));
        var length = ColumnSums.Length(columns);
        var scratch = ArrayPool<double>.Shared.Rent(checked(length * chunks));
        fixed (double* first = scratch)
        {
            ChunkLoop.Run(new Work<TLanes, TNorm, TActivation, TMask>(this, activation, mask, first, columns, chunks), chunks);
            if (WeightGradient is not null)
            {
                ColumnSums.Total(first, length, chunks, WeightGradient, Features);
            }

            if (BiasGradient is not null)
            {
                ColumnSums.Total(first + (columns - Features), length, chunks, BiasGradient, Features);
            }
        }

        ArrayPool<double>.Shared.Return(scratch);
    }

    private readonly struct Work<TLanes, TNorm, TActivation, TMask>(RowBackward memory, TActivation activation, TMask mask, double* scratch, int columnCount, int chunks) : IChunkWork
        where TLanes : struct, ILanes<TLanes>
        where TNorm : struct, IRowNorm
        where TActivation : unmanaged, IActivation
        where TMask : unmanaged, IMask
    {
        public void Run(int chunk)
        {
            var columns = new ColumnSums(scratch + ((long)chunk * ColumnSums.Length(columnCount)), columnCount);
            var weightSums = memory.WeightGradient is null ? null : columns.Recent;
            var biasSums = memory.BiasGradient is null ? null : columns.Recent + (columnCount - memory.Features);
            var end = (int)(((long)chunk + 1) * memory.Rows / chunks);
            for (var row = (int)((long)chunk * memory.Rows / chunks); row < end; row++)
            {
                Row(row, weightSums, biasSums);
                columns.EndRow();
            }

            columns.End();
        }

        private void Row(int row, float* weightSums, float* biasSums)
        {
            var start = (long)row * memory.Features;
            var inverse = memory.Inverses[row];
            var mean = TNorm.Centers ? memory.Means[row] : 0;
            var rowGradient = memory.XGradient is null ? null : memory.XGradient + start;
            var (total, product) = (0.0, 0.0);
            for (var begin = 0; begin < memory.Features; begin += RowSums.Block)
            {
                var (blockTotal, blockProduct) = Gather(
                    activation, mask, memory.X + start, memory.Gradient + start, memory.Weight, memory.Bias, rowGradient, weightSums, biasSums, mean, inverse, (uint)start,
                    begin, Math.Min(memory.Features, begin + RowSums.Block));
                total += blockTotal;
                product += blockProduct;
            }

            if (rowGradient is not null)
            {
                var shift = TNorm.Centers ? (float)(-inverse * total / memory.Features) : 0;
                var slope = (float)(-inverse * product / memory.Features);
                var sumGradient = memory.SumGradient is null ? null : memory.SumGradient + start;
                Scatter(memory.X + start, rowGradient, sumGradient, mean, inverse, shift, slope, memory.Features);
            }
        }

        /// <summary>Sums d and d · x̂ over a block, adds to the columns, and leaves d in the place of the row's gradient.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static (float Total, float Product) Gather(
            TActivation activation, TMask mask, float* x, float* gradient, float* weight, float* bias, float* rowGradient, float* weightSums, float* biasSums, float mean, float inverse, uint first,
            int begin, int end)
        {
            var means = TLanes.All(mean);
            var inverses = TLanes.All(inverse);
            var total = TLanes.All(0);
            var product = TLanes.All(0);
            var index = begin;
            for (; index <= end - TLanes.Count; index += TLanes.Count)
            {
                Step<Whole>(activation, mask, x, gradient, weight, bias, rowGradient, weightSums, biasSums, means, inverses, first, index, TLanes.Count, ref total, ref product);
            }

            if (index < end)
            {
                // Sums of its own: those of the loop must not have an address, or they would live in memory.
                GatherEnd(activation, mask, x, gradient, weight, bias, rowGradient, weightSums, biasSums, mean, inverse, first, index, end - index, out var endTotal, out var endProduct);
                total += endTotal;
                product += endProduct;
            }

            return (total.Sum(), product.Sum());
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void GatherEnd(
            TActivation activation, TMask mask, float* x, float* gradient, float* weight, float* bias, float* rowGradient, float* weightSums, float* biasSums, float mean, float inverse, uint first,
            int index, int count, out TLanes total, out TLanes product)
        {
            // A lane after the end may hold what is not a number: it is nobody's, and must not reach the sums.
            var isInside = TLanes.LessBits(TLanes.CountingBits, TLanes.AllBits((uint)count));
            var endTotal = TLanes.All(0);
            var endProduct = TLanes.All(0);
            Step<Part>(activation, mask, x, gradient, weight, bias, rowGradient, weightSums, biasSums, TLanes.All(mean), TLanes.All(inverse), first, index, count, ref endTotal, ref endProduct);
            total = endTotal & isInside;
            product = endProduct & isInside;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Step<TReach>(
            TActivation activation, TMask mask, float* x, float* gradient, float* weight, float* bias, float* rowGradient, float* weightSums, float* biasSums, TLanes means, TLanes inverses, uint first,
            int index, int count, ref TLanes total, ref TLanes product)
            where TReach : struct, IReach
        {
            var normalized = RowForward.Normalized<TLanes, TNorm>(TReach.Load<TLanes>(x + index, count), means, inverses);
            var affine = RowForward.Affine<TLanes, TNorm, TReach>(normalized, weight, bias, index, count);
            var affineGradient = ActivationGradient.Of(activation, mask.Apply(TReach.Load<TLanes>(gradient + index, count), first + (uint)index), affine);
            if (weightSums is not null)
            {
                TReach.Store(TLanes.MultiplyAdd(affineGradient, normalized, TReach.Load<TLanes>(weightSums + index, count)), weightSums + index, count);
            }

            if (TNorm.Centers && biasSums is not null)
            {
                TReach.Store(affineGradient + TReach.Load<TLanes>(biasSums + index, count), biasSums + index, count);
            }

            if (rowGradient is not null)
            {
                var inner = weight is null ? affineGradient : affineGradient * TReach.Load<TLanes>(weight + index, count);
                TReach.Store(inner, rowGradient + index, count);
                product = TLanes.MultiplyAdd(inner, normalized, product);
                if (TNorm.Centers)
                {
                    total += inner;
                }
            }
        }

        /// <summary>Makes the row's gradient of the d that <see cref="Gather"/> left: inverse · d + slope · x̂ + shift.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Scatter(float* x, float* rowGradient, float* sumGradient, float mean, float inverse, float shift, float slope, int features)
        {
            var means = TLanes.All(mean);
            var inverses = TLanes.All(inverse);
            var shifts = TLanes.All(shift);
            var slopes = TLanes.All(slope);
            var index = 0;
            for (; index <= features - TLanes.Count; index += TLanes.Count)
            {
                ScatterStep<Whole>(x, rowGradient, sumGradient, means, inverses, shifts, slopes, index, TLanes.Count);
            }

            if (index < features)
            {
                ScatterStep<Part>(x, rowGradient, sumGradient, means, inverses, shifts, slopes, index, features - index);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void ScatterStep<TReach>(float* x, float* rowGradient, float* sumGradient, TLanes means, TLanes inverses, TLanes shifts, TLanes slopes, int index, int count)
            where TReach : struct, IReach
        {
            var normalized = RowForward.Normalized<TLanes, TNorm>(TReach.Load<TLanes>(x + index, count), means, inverses);
            var value = TLanes.MultiplyAdd(TReach.Load<TLanes>(rowGradient + index, count), inverses, normalized * slopes);
            if (TNorm.Centers)
            {
                value += shifts;
            }

            if (sumGradient is not null)
            {
                value += TReach.Load<TLanes>(sumGradient + index, count);
            }

            TReach.Store(value, rowGradient + index, count);
        }
    }
}
