using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

/// <summary>A backward pass over <c>[rows, features]</c>. Gradients that nobody asks for are null.</summary>
/// <remarks>
/// With z the output of the norm, g the gradient of the result and d = g · mask · f′(z) · weight, a row's gradient is <c>(d − mean(d) − x̂ · mean(d · x̂)) ·
/// inverse</c>, without mean(d) where the
/// norm does not center. The columns of g · mask · f′(z) · x̂ and g · mask · f′(z) sum up to the gradients of weight and bias.
/// </remarks>
internal unsafe struct RowNormBackward<TNorm, TActivation, TMask>(TActivation activation, TMask mask) : ISimdWork
    where TNorm : struct, IRowNorm
    where TActivation : unmanaged, IActivation
    where TMask : unmanaged, IMask
{
    /// <summary>At most this many chunks, each of which has sums of columns of its own. They depend on the sizes alone, and so do the sums.</summary>
    private const int MostChunks = 64;

    private readonly TActivation activation = activation;
    private readonly TMask mask = mask;

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

    private double* scratch;

    private readonly int Chunks => (int)Math.Clamp((long)Rows * Features / Grain.Medium, 1, Math.Min(MostChunks, Rows));

    /// <summary>How many columns are summed: those of the weight's gradient, then those of the bias's.</summary>
    private readonly int Columns => Features * ((WeightGradient is null ? 0 : 1) + (BiasGradient is null ? 0 : 1));

    internal void Run()
    {
        Debug.Assert(Rows > 0 && Features > 0 && (long)Rows * Features < int.MaxValue, "There is a row, and a mask counts elements with 32 bits.");
        Debug.Assert(X is not null && Gradient is not null && Inverses is not null && (!TNorm.Centers || Means is not null), "What is read is there.");
        Debug.Assert(TNorm.Centers || (Bias is null && BiasGradient is null), "Only a norm that centers has a bias.");
        Debug.Assert(SumGradient is null || XGradient is not null || WeightGradient is not null || BiasGradient is not null, "Somebody asks for a gradient.");
        var length = ColumnSums.Length(Columns);
        var rented = ArrayPool<double>.Shared.Rent(checked(length * Chunks));
        fixed (double* first = rented)
        {
            scratch = first;
            SimdWidth.Run(this, Chunks);
            if (WeightGradient is not null)
            {
                ColumnSums.Total(first, length, Chunks, WeightGradient, Features);
            }

            if (BiasGradient is not null)
            {
                ColumnSums.Total(first + (Columns - Features), length, Chunks, BiasGradient, Features);
            }
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    public readonly void Run<TVector>(int chunk)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var columns = new ColumnSums(scratch + ((long)chunk * ColumnSums.Length(Columns)), Columns);
        var weightSums = WeightGradient is null ? null : columns.Recent;
        var biasSums = BiasGradient is null ? null : columns.Recent + (Columns - Features);
        var end = (int)(((long)chunk + 1) * Rows / Chunks);
        for (var row = (int)((long)chunk * Rows / Chunks); row < end; row++)
        {
            Row<TVector>(row, weightSums, biasSums);
            columns.EndRow();
        }

        columns.End();
    }

    private readonly void Row<TVector>(int row, float* weightSums, float* biasSums)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var start = (long)row * Features;
        var at = new RowPointers
        {
            X = X + start,
            Gradient = Gradient + start,
            SumGradient = SumGradient is null ? null : SumGradient + start,
            Result = XGradient is null ? null : XGradient + start,
            WeightSums = weightSums,
            BiasSums = biasSums,
            Mean = TNorm.Centers ? Means[row] : 0,
            Inverse = Inverses[row],
            First = (uint)start,
        };
        var (total, product) = (0.0, 0.0);
        var block = RowSums.Block<TVector>();
        for (var begin = 0; begin < Features; begin += block)
        {
            var (blockTotal, blockProduct) = Gather<TVector>(this, at, begin, Math.Min(Features, begin + block));
            total += blockTotal;
            product += blockProduct;
        }

        if (at.Result is not null)
        {
            var shift = TNorm.Centers ? (float)(-at.Inverse * total / Features) : 0;
            var slope = (float)(-at.Inverse * product / Features);
            Scatter<TVector>(at, shift, slope, Features);
        }
    }

    /// <summary>Sums d and d · x̂ over a block, adds to the columns, and leaves d in the place of the row's gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static (float Total, float Product) Gather<TVector>(in RowNormBackward<TNorm, TActivation, TMask> pass, in RowPointers pointers, int begin, int end)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var at = pointers;
        var row = at.Row<TVector>(pass.Weight, pass.Bias);
        var (activation, mask) = (pass.activation, pass.mask);
        var total = TVector.Broadcast(0);
        var product = TVector.Broadcast(0);
        var index = begin;
        for (; index <= end - TVector.Count; index += TVector.Count)
        {
            Step(row, at, activation, mask, index, default(FullVector), ref total, ref product);
        }

        if (index < end)
        {
            // Sums of its own: those of the loop must not have an address, or they would live in memory.
            GatherEnd<TVector>(pass, pointers, index, end - index, out var endTotal, out var endProduct);
            total += endTotal;
            product += endProduct;
        }

        return (total.Sum(), product.Sum());
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void GatherEnd<TVector>(
        in RowNormBackward<TNorm, TActivation, TMask> pass, in RowPointers pointers, int index, int count, out TVector total, out TVector product)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        total = TVector.Broadcast(0);
        product = TVector.Broadcast(0);
        Step(pointers.Row<TVector>(pass.Weight, pass.Bias), pointers, pass.activation, pass.mask, index, new PartialVector(count), ref total, ref product);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TVector, TExtent>(
        in NormalizedRow<TNorm, TVector> row, in RowPointers at, TActivation activation, TMask mask, int index, TExtent extent, ref TVector total,
            ref TVector product)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var normalized = row.Normalized(index, extent);
        var gradient = mask.Apply(extent.Load<TVector>(at.Gradient + index), at.First + (uint)index);
        var affineGradient = ActivationGradient.Of(activation, gradient, row.Affine(normalized, index, extent));
        if (at.WeightSums is not null)
        {
            extent.Store(TVector.MultiplyAdd(affineGradient, normalized, extent.Load<TVector>(at.WeightSums + index)), at.WeightSums + index);
        }

        if (TNorm.Centers && at.BiasSums is not null)
        {
            extent.Store(affineGradient + extent.Load<TVector>(at.BiasSums + index), at.BiasSums + index);
        }

        if (at.Result is not null)
        {
            var inner = row.Weighted(affineGradient, index, extent);
            extent.Store(inner, at.Result + index);
            product = extent.Select(TVector.MultiplyAdd(inner, normalized, product), product);
            if (TNorm.Centers)
            {
                total = extent.Select(total + inner, total);
            }
        }
    }

    /// <summary>Makes the row's gradient of the d that <see cref="Gather"/> left: inverse · d + slope · x̂ + shift.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Scatter<TVector>(in RowPointers at, float shift, float slope, int features)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var row = at.Row<TVector>(null, null);
        var result = at.Result;
        var sumGradient = at.SumGradient;
        var inverses = TVector.Broadcast(at.Inverse);
        var (shifts, slopes) = (TVector.Broadcast(shift), TVector.Broadcast(slope));
        var index = 0;
        for (; index <= features - TVector.Count; index += TVector.Count)
        {
            Scatter(row, inverses, shifts, slopes, result, sumGradient, index, default(FullVector));
        }

        if (index < features)
        {
            Scatter(row, inverses, shifts, slopes, result, sumGradient, index, new PartialVector(features - index));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scatter<TVector, TExtent>(
        in NormalizedRow<TNorm, TVector> row, TVector inverses, TVector shifts, TVector slopes, float* result, float* sumGradient, int index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var value = TVector.MultiplyAdd(extent.Load<TVector>(result + index), inverses, row.Normalized(index, extent) * slopes);
        if (TNorm.Centers)
        {
            value += shifts;
        }

        if (sumGradient is not null)
        {
            value += extent.Load<TVector>(sumGradient + index);
        }

        extent.Store(value, result + index);
    }

    /// <summary>What belongs to one row.</summary>
    private struct RowPointers
    {
        internal float* X;
        internal float* Gradient;
        internal float* SumGradient;

        /// <summary>The gradient of x.</summary>
        internal float* Result;

        internal float* WeightSums;
        internal float* BiasSums;
        internal float Mean;
        internal float Inverse;

        /// <summary>The index of the row's first element.</summary>
        internal uint First;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal readonly NormalizedRow<TNorm, TVector> Row<TVector>(float* weight, float* bias)
            where TVector : unmanaged, ISimdVector<TVector> => new(X, weight, bias, TVector.Broadcast(Mean), TVector.Broadcast(Inverse));
    }
}
