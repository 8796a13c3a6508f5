using System.Buffers;
using System.Runtime.CompilerServices;
using SourceNet.Activations;
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

    internal readonly void Run<TNorm, TActivation, TMask>(TActivation activation, TMask mask)
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
            SimdWidth.Run(new Work<TNorm, TActivation, TMask>(this, activation, mask, first, columns, chunks), chunks);
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

    private readonly struct Work<TNorm, TActivation, TMask>(RowBackward memory, TActivation activation, TMask mask, double* scratch, int columnCount, int chunks) : ISimdWork
        where TNorm : struct, IRowNorm
        where TActivation : unmanaged, IActivation
        where TMask : unmanaged, IMask
    {
        public void Run<TVector>(int chunk)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            var columns = new ColumnSums(scratch + ((long)chunk * ColumnSums.Length(columnCount)), columnCount);
            var weightSums = memory.WeightGradient is null ? null : columns.Recent;
            var biasSums = memory.BiasGradient is null ? null : columns.Recent + (columnCount - memory.Features);
            var end = (int)(((long)chunk + 1) * memory.Rows / chunks);
            for (var row = (int)((long)chunk * memory.Rows / chunks); row < end; row++)
            {
                Row<TVector>(row, weightSums, biasSums);
                columns.EndRow();
            }

            columns.End();
        }

        private void Row<TVector>(int row, float* weightSums, float* biasSums)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            var start = (long)row * memory.Features;
            var inverse = memory.Inverses[row];
            var mean = TNorm.Centers ? memory.Means[row] : 0;
            var rowGradient = memory.XGradient is null ? null : memory.XGradient + start;
            var (total, product) = (0.0, 0.0);
            var block = RowSums.Block<TVector>();
            for (var begin = 0; begin < memory.Features; begin += block)
            {
                var (blockTotal, blockProduct) = Gather<TVector>(
                    activation, mask, memory.X + start, memory.Gradient + start, memory.Weight, memory.Bias, rowGradient, weightSums, biasSums, mean, inverse, (uint)start,
                    begin, Math.Min(memory.Features, begin + block));
                total += blockTotal;
                product += blockProduct;
            }

            if (rowGradient is not null)
            {
                var shift = TNorm.Centers ? (float)(-inverse * total / memory.Features) : 0;
                var slope = (float)(-inverse * product / memory.Features);
                var sumGradient = memory.SumGradient is null ? null : memory.SumGradient + start;
                Scatter<TVector>(memory.X + start, rowGradient, sumGradient, mean, inverse, shift, slope, memory.Features);
            }
        }

        /// <summary>Sums d and d · x̂ over a block, adds to the columns, and leaves d in the place of the row's gradient.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static (float Total, float Product) Gather<TVector>(
            TActivation activation, TMask mask, float* x, float* gradient, float* weight, float* bias, float* rowGradient, float* weightSums, float* biasSums, float mean, float inverse, uint first,
            int begin, int end)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            var means = TVector.Broadcast(mean);
            var inverses = TVector.Broadcast(inverse);
            var total = TVector.Broadcast(0);
            var product = TVector.Broadcast(0);
            var index = begin;
            for (; index <= end - TVector.Count; index += TVector.Count)
            {
                Step<TVector, Whole>(activation, mask, x, gradient, weight, bias, rowGradient, weightSums, biasSums, means, inverses, first, index, TVector.Count, ref total, ref product);
            }

            if (index < end)
            {
                // Sums of its own: those of the loop must not have an address, or they would live in memory.
                GatherEnd<TVector>(activation, mask, x, gradient, weight, bias, rowGradient, weightSums, biasSums, mean, inverse, first, index, end - index, out var endTotal, out var endProduct);
                total += endTotal;
                product += endProduct;
            }

            return (total.Sum(), product.Sum());
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void GatherEnd<TVector>(
            TActivation activation, TMask mask, float* x, float* gradient, float* weight, float* bias, float* rowGradient, float* weightSums, float* biasSums, float mean, float inverse, uint first,
            int index, int count, out TVector total, out TVector product)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            // A lane after the end may hold what is not a number: it is nobody's, and must not reach the sums.
            var isInside = TVector.LessThanBits(TVector.Indices, TVector.BroadcastBits((uint)count));
            var endTotal = TVector.Broadcast(0);
            var endProduct = TVector.Broadcast(0);
            Step<TVector, Part>(activation, mask, x, gradient, weight, bias, rowGradient, weightSums, biasSums, TVector.Broadcast(mean), TVector.Broadcast(inverse), first, index, count, ref endTotal, ref endProduct);
            total = endTotal & isInside;
            product = endProduct & isInside;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Step<TVector, TReach>(
            TActivation activation, TMask mask, float* x, float* gradient, float* weight, float* bias, float* rowGradient, float* weightSums, float* biasSums, TVector means, TVector inverses, uint first,
            int index, int count, ref TVector total, ref TVector product)
            where TVector : unmanaged, ISimdVector<TVector>
            where TReach : struct, IReach
        {
            var normalized = RowForward.Normalized<TVector, TNorm>(TReach.Load<TVector>(x + index, count), means, inverses);
            var affine = RowForward.Affine<TVector, TNorm, TReach>(normalized, weight, bias, index, count);
            var affineGradient = ActivationGradient.Of(activation, mask.Apply(TReach.Load<TVector>(gradient + index, count), first + (uint)index), affine);
            if (weightSums is not null)
            {
                TReach.Store(TVector.MultiplyAdd(affineGradient, normalized, TReach.Load<TVector>(weightSums + index, count)), weightSums + index, count);
            }

            if (TNorm.Centers && biasSums is not null)
            {
                TReach.Store(affineGradient + TReach.Load<TVector>(biasSums + index, count), biasSums + index, count);
            }

            if (rowGradient is not null)
            {
                var inner = weight is null ? affineGradient : affineGradient * TReach.Load<TVector>(weight + index, count);
                TReach.Store(inner, rowGradient + index, count);
                product = TVector.MultiplyAdd(inner, normalized, product);
                if (TNorm.Centers)
                {
                    total += inner;
                }
            }
        }

        /// <summary>Makes the row's gradient of the d that <see cref="Gather"/> left: inverse · d + slope · x̂ + shift.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Scatter<TVector>(float* x, float* rowGradient, float* sumGradient, float mean, float inverse, float shift, float slope, int features)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            var means = TVector.Broadcast(mean);
            var inverses = TVector.Broadcast(inverse);
            var shifts = TVector.Broadcast(shift);
            var slopes = TVector.Broadcast(slope);
            var index = 0;
            for (; index <= features - TVector.Count; index += TVector.Count)
            {
                ScatterStep<TVector, Whole>(x, rowGradient, sumGradient, means, inverses, shifts, slopes, index, TVector.Count);
            }

            if (index < features)
            {
                ScatterStep<TVector, Part>(x, rowGradient, sumGradient, means, inverses, shifts, slopes, index, features - index);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void ScatterStep<TVector, TReach>(float* x, float* rowGradient, float* sumGradient, TVector means, TVector inverses, TVector shifts, TVector slopes, int index, int count)
            where TVector : unmanaged, ISimdVector<TVector>
            where TReach : struct, IReach
        {
            var normalized = RowForward.Normalized<TVector, TNorm>(TReach.Load<TVector>(x + index, count), means, inverses);
            var value = TVector.MultiplyAdd(TReach.Load<TVector>(rowGradient + index, count), inverses, normalized * slopes);
            if (TNorm.Centers)
            {
                value += shifts;
            }

            if (sumGradient is not null)
            {
                value += TReach.Load<TVector>(sumGradient + index, count);
            }

            TReach.Store(value, rowGradient + index, count);
        }
    }
}
