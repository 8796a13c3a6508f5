using System.Diagnostics;
using System.Runtime.CompilerServices;
using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

/// <summary>A forward pass over <c>[rows, features]</c>: the statistics of a row, then the row, which the cache still holds.</summary>
internal unsafe struct RowNormForward<TNorm, TActivation, TMask>(TActivation activation, TMask mask) : ISimdWork
    where TNorm : struct, IRowNorm
    where TActivation : unmanaged, IActivation
    where TMask : unmanaged, IMask
{
    private readonly TActivation activation = activation;
    private readonly TMask mask = mask;

    internal float* X;

    /// <summary>What is added to x first; null for nothing.</summary>
    internal float* Residual;

    /// <summary>The factors of the residual's samples; not used where <see cref="RowsInSample"/> is 0.</summary>
    internal DropoutMask Path;

    /// <summary>How many rows share a factor; 0 if the residual has none.</summary>
    internal int RowsInSample;

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

    private readonly int RowsInChunk => Math.Max(1, Grain.Medium / Features);

    /// <summary>What the norm is applied to.</summary>
    private readonly float* Input => Residual is null ? X : Sum;

    internal readonly void Run()
    {
        Debug.Assert(Rows > 0 && Features > 0 && (long)Rows * Features < int.MaxValue, "There is a row, and a mask counts elements with 32 bits.");
        Debug.Assert(X is not null && Result is not null && Residual is null == Sum is null, "What is read and written has a place.");
        Debug.Assert(TNorm.Centers || Bias is null, "Only a norm that centers has a bias.");
        Debug.Assert(Inverses is null || !TNorm.Centers || Means is not null, "Statistics are kept together.");
        SimdWidth.Run(this, Grain.Chunks(Rows, RowsInChunk));
    }

    public readonly void Run<TVector>(int chunk)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var end = (int)Math.Min(Rows, ((long)chunk + 1) * RowsInChunk);
        for (var row = chunk * RowsInChunk; row < end; row++)
        {
            var start = (long)row * Features;
            var (mean, inverse) = Statistics<TVector>(start, row);
            if (Inverses is not null)
            {
                Inverses[row] = inverse;
                if (TNorm.Centers)
                {
                    Means[row] = mean;
                }
            }

            Write<TVector>(this, start, mean, inverse);
        }
    }

    private readonly (float Mean, float Inverse) Statistics<TVector>(long start, int row)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var mean = 0f;
        double squares;
        if (TNorm.Centers)
        {
            mean = (float)(FirstSum<TVector, Difference>(start, row) / Features);
            squares = RowSums.Of<TVector, RowSums.Row, SquaredDifference>(new(Input + start), mean, Features);
        }
        else
        {
            squares = FirstSum<TVector, SquaredDifference>(start, row);
        }

        return (mean, (float)(1 / Math.Sqrt((squares / Features) + Epsilon)));
    }

    /// <summary>The first reading of a row, which adds the residual on the way.</summary>
    private readonly double FirstSum<TVector, TTerm>(long start, int row)
        where TVector : unmanaged, ISimdVector<TVector>
        where TTerm : struct, ITerm =>
        Residual is null ? RowSums.Of<TVector, RowSums.Row, TTerm>(new(X + start), 0, Features)
        : RowsInSample == 0 ? RowSums.Of<TVector, RowSums.AddedRows, TTerm>(new(X + start, Residual + start, Sum + start), 0, Features)
        : RowSums.Of<TVector, RowSums.ScaledRows, TTerm>(
            new(X + start, Residual + start, Path.Factor((uint)(row / RowsInSample)), Sum + start), 0, Features);

    /// <summary>Not inlined: in its caller the loop would share registers with everything else there, and runs several times slower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Write<TVector>(in RowNormForward<TNorm, TActivation, TMask> pass, long start, float mean, float inverse)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var row = new NormalizedRow<TNorm, TVector>(pass.Input + start, pass.Weight, pass.Bias, TVector.Broadcast(mean), TVector.Broadcast(inverse));
        var (activation, mask, features) = (pass.activation, pass.mask, pass.Features);
        var result = pass.Result + start;
        var index = 0;
        for (; index <= features - TVector.Count; index += TVector.Count)
        {
            Step(row, activation, mask, result + index, (uint)start, index, default(FullVector));
        }

        if (index < features)
        {
            WriteEnd<TVector>(pass, start, mean, inverse, index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void WriteEnd<TVector>(in RowNormForward<TNorm, TActivation, TMask> pass, long start, float mean, float inverse, int index)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var row = new NormalizedRow<TNorm, TVector>(pass.Input + start, pass.Weight, pass.Bias, TVector.Broadcast(mean), TVector.Broadcast(inverse));
        Step(row, pass.activation, pass.mask, pass.Result + start + index, (uint)start, index, new PartialVector(pass.Features - index));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TVector, TExtent>(
        in NormalizedRow<TNorm, TVector> row, TActivation activation, TMask mask, float* result, uint first, int index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent
    {
        var affine = row.Affine(row.Normalized(index, extent), index, extent);
        extent.Store(mask.Apply(activation.Value(affine), first + (uint)index), result);
    }
}
