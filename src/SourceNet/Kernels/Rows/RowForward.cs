using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SourceNet.Activations;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

/// <summary>Sum with a residual, norm, activation and dropout of each row, which stays in the cache from its statistics to its result.</summary>
internal readonly unsafe struct RowForward<TNorm, TActivation, TMasking>(RowPlace place, TActivation activation) : IChunkWork
    where TNorm : unmanaged, INorm
    where TActivation : unmanaged, IActivation
    where TMasking : unmanaged, IMasking
{
    private readonly RowPlace place = place;
    private readonly TActivation activation = activation;

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

    /// <summary>Not inlined: in its caller the loops would share registers with everything else there, and run several times slower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Run<TLanes>(int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        // Copies: what is read through the struct would be read again after each store.
        var place = this.place;
        var activation = this.activation;
        var width = place.Width;
        var vectors = width - (width % TLanes.Count);
        var rest = width - vectors;
        var first = (long)chunk * place.RowsPerChunk;
        var end = Math.Min(place.Rows, first + place.RowsPerChunk);
        for (var row = first; row < end; row++)
        {
            var x = place.Input + (row * width);
            var y = place.Output + (row * width);
            if (place.Residual is not null)
            {
                var sum = place.Sum + (row * width);
                Add<TLanes>(x, place.Residual + (row * width), sum, width);
                x = sum;
            }

            var mean = TNorm.Centers ? (float)(RowSums.Sum<TLanes>(x, width) / width) : 0;
            var variance = TNorm.Centers ? RowSums.SquaredDistances<TLanes>(x, width, mean) / width : RowSums.Squares<TLanes>(x, width) / width;
            var inverse = (float)(1 / Math.Sqrt(variance + place.Eps));
            place.Inverse[row] = inverse;
            if (TNorm.Centers)
            {
                place.Mean[row] = mean;
            }

            var means = TLanes.All(mean);
            var inverses = TLanes.All(inverse);
            var index = (uint)(row * width);
            for (var i = 0; i < vectors; i += TLanes.Count)
            {
                var bias = TNorm.Centers ? TLanes.Load(place.Bias + i) : default;
                Result(activation, place.Mask, TLanes.Load(x + i), means, inverses, TLanes.Load(place.Weight + i), bias, index + (uint)i).Store(y + i);
            }

            if (rest > 0)
            {
                var bias = TNorm.Centers ? TLanes.LoadFirst(place.Bias + vectors, rest) : default;
                var weight = TLanes.LoadFirst(place.Weight + vectors, rest);
                Result(activation, place.Mask, TLanes.LoadFirst(x + vectors, rest), means, inverses, weight, bias, index + (uint)vectors).StoreFirst(y + vectors, rest);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Result<TLanes>(TActivation activation, in KeepMask mask, TLanes x, TLanes mean, TLanes inverse, TLanes weight, TLanes bias, uint index)
        where TLanes : struct, ILanes<TLanes>
    {
        var value = activation.Value(RowMath.Affine<TNorm, TLanes>(RowMath.Normalized<TNorm, TLanes>(x, mean, inverse), weight, bias));
        return TMasking.Drops ? value * (TLanes.All(mask.Scale) & TLanes.Keep(mask, index)) : value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TLanes>(float* x, float* residual, float* sum, int width)
        where TLanes : struct, ILanes<TLanes>
    {
        var i = 0;
        for (; i <= width - TLanes.Count; i += TLanes.Count)
        {
            (TLanes.Load(x + i) + TLanes.Load(residual + i)).Store(sum + i);
        }

        if (i < width)
        {
            (TLanes.LoadFirst(x + i, width - i) + TLanes.LoadFirst(residual + i, width - i)).StoreFirst(sum + i, width - i);
        }
    }
}
