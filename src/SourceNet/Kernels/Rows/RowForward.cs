using System.Runtime.CompilerServices;
using SourceNet.Activations;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

/// <summary>The memory of a forward pass over <c>[rows, features]</c>.</summary>
internal unsafe struct RowForward
{
    /// <summary>Elements in a chunk: some microseconds.</summary>
    private const int Grain = 1 << 14;

    internal float* X;

    /// <summary>What is added to x first; null for nothing.</summary>
    internal float* Residual;

    /// <summary>x + residual; not used without a residual.</summary>
    internal float* Sum;

    /// <summary>[features], null for ones.</summary>
    internal float* Weight;

    /// <summary>[features], null for zeros.</summary>
    internal float* Bias;

    internal float* Result;

    /// <summary>[rows], of a norm that centers.</summary>
    internal float* Means;

    /// <summary>[rows], what the rows were multiplied with; null to forget it.</summary>
    internal float* Inverses;

    internal int Rows;
    internal int Features;
    internal double Epsilon;

    internal readonly void Run<TNorm, TActivation, TMask>(TActivation activation, TMask mask)
        where TNorm : struct, IRowNorm
        where TActivation : unmanaged, IActivation
        where TMask : unmanaged, IMask
    {
        var rowsInChunk = Math.Max(1, Grain / Features);
        SimdWidth.Run(new Work<TNorm, TActivation, TMask>(this, activation, mask, rowsInChunk), (Rows + rowsInChunk - 1) / rowsInChunk);
    }

    private readonly struct Work<TNorm, TActivation, TMask>(RowForward memory, TActivation activation, TMask mask, int rowsInChunk) : ISimdWork
        where TNorm : struct, IRowNorm
        where TActivation : unmanaged, IActivation
        where TMask : unmanaged, IMask
    {
        public void Run<TVector>(int chunk)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            var end = (int)Math.Min(memory.Rows, ((long)chunk + 1) * rowsInChunk);
            for (var row = chunk * rowsInChunk; row < end; row++)
            {
                var start = (long)row * memory.Features;
                var (mean, inverse) = Statistics<TVector>(start);
                if (memory.Inverses is not null)
                {
                    memory.Inverses[row] = inverse;
                    if (TNorm.Centers)
                    {
                        memory.Means[row] = mean;
                    }
                }

                var source = memory.Residual is null ? memory.X : memory.Sum;
                Write<TVector>(activation, mask, source + start, memory.Weight, memory.Bias, memory.Result + start, mean, inverse, (uint)start, memory.Features);
            }
        }

        private (float Mean, float Inverse) Statistics<TVector>(long start)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            var row = new RowSums.Row((memory.Residual is null ? memory.X : memory.Sum) + start);
            var added = new RowSums.AddedRows(memory.X + start, memory.Residual + start, memory.Sum + start);
            var mean = 0f;
            double squares;
            if (TNorm.Centers)
            {
                var total = memory.Residual is null
                    ? RowSums.Of<TVector, RowSums.Row, RowSums.Values>(row, default, memory.Features)
                    : RowSums.Of<TVector, RowSums.AddedRows, RowSums.Values>(added, default, memory.Features);
                mean = (float)(total / memory.Features);
                squares = RowSums.Of<TVector, RowSums.Row, RowSums.Squares>(row, new(mean), memory.Features);
            }
            else
            {
                squares = memory.Residual is null
                    ? RowSums.Of<TVector, RowSums.Row, RowSums.Squares>(row, new(0), memory.Features)
                    : RowSums.Of<TVector, RowSums.AddedRows, RowSums.Squares>(added, new(0), memory.Features);
            }

            return (mean, (float)(1 / Math.Sqrt((squares / memory.Features) + memory.Epsilon)));
        }

        /// <summary>Not inlined: in its caller the loop would share registers with everything else there, and runs several times slower.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Write<TVector>(TActivation activation, TMask mask, float* x, float* weight, float* bias, float* result, float mean, float inverse, uint first, int features)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            var means = TVector.Broadcast(mean);
            var inverses = TVector.Broadcast(inverse);
            var index = 0;
            for (; index <= features - TVector.Count; index += TVector.Count)
            {
                Step<TVector, Whole>(activation, mask, x, weight, bias, result, means, inverses, first, index, TVector.Count);
            }

            if (index < features)
            {
                WriteEnd<TVector>(activation, mask, x, weight, bias, result, mean, inverse, first, index, features - index);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void WriteEnd<TVector>(
            TActivation activation, TMask mask, float* x, float* weight, float* bias, float* result, float mean, float inverse, uint first, int index, int count)
            where TVector : unmanaged, ISimdVector<TVector> =>
            Step<TVector, Part>(activation, mask, x, weight, bias, result, TVector.Broadcast(mean), TVector.Broadcast(inverse), first, index, count);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Step<TVector, TReach>(
            TActivation activation, TMask mask, float* x, float* weight, float* bias, float* result, TVector means, TVector inverses, uint first, int index, int count)
            where TVector : unmanaged, ISimdVector<TVector>
            where TReach : struct, IReach
        {
            var normalized = Normalized<TVector, TNorm>(TReach.Load<TVector>(x + index, count), means, inverses);
            var affine = Affine<TVector, TNorm, TReach>(normalized, weight, bias, index, count);
            TReach.Store(mask.Apply(activation.Value(affine), first + (uint)index), result + index, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Normalized<TVector, TNorm>(TVector x, TVector mean, TVector inverse)
        where TVector : struct, ISimdVector<TVector>
        where TNorm : struct, IRowNorm => TNorm.Centers ? (x - mean) * inverse : x * inverse;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Affine<TVector, TNorm, TReach>(TVector normalized, float* weight, float* bias, int index, int count)
        where TVector : struct, ISimdVector<TVector>
        where TNorm : struct, IRowNorm
        where TReach : struct, IReach
    {
        if (weight is not null)
        {
            normalized *= TReach.Load<TVector>(weight + index, count);
        }

        if (TNorm.Centers && bias is not null)
        {
            normalized += TReach.Load<TVector>(bias + index, count);
        }

        return normalized;
    }
}
