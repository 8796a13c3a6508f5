using System.Diagnostics;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Native;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Elementwise;

/// <summary>What a function of one or two tensors of the same shape does to each element.</summary>
internal interface IElementwise
{
    /// <summary>The results of some elements.</summary>
    /// <param name="one">Elements of the first tensor.</param>
    /// <param name="two">Elements of the second one; of the first again where there is no second.</param>
    /// <param name="index">The index of the first lane.</param>
    TVector Apply<TVector>(TVector one, TVector two, uint index)
        where TVector : struct, ISimdVector<TVector>;
}

/// <summary>Applies a function to all elements.</summary>
internal readonly unsafe struct ElementwiseWork<TFunction> : ISimdWork
    where TFunction : unmanaged, IElementwise
{
    private readonly TFunction function;
    private readonly float* one;
    private readonly float* two;
    private readonly float* result;
    private readonly long count;

    private ElementwiseWork(TFunction function, Tensor one, Tensor two, Tensor result)
    {
        this.function = function;
        this.one = NativeTensor.Floats(one.Handle);
        this.two = NativeTensor.Floats(two.Handle);
        this.result = NativeTensor.Floats(result.Handle);
        count = NativeTensor.Count(one.Handle);
        Debug.Assert(this.one is not null && this.two is not null && this.result is not null, "All three are dense float32 on the CPU.");
        Debug.Assert(count < int.MaxValue, "A mask counts elements with 32 bits.");
        Debug.Assert(NativeTensor.Count(two.Handle) == count && NativeTensor.Count(result.Handle) == count, "All three have one shape.");
    }

    /// <param name="function">The function.</param>
    /// <param name="one">The first tensor.</param>
    /// <param name="two">The second one, or the first again.</param>
    /// <param name="result">Where to; may be one of them.</param>
    internal static void Run(TFunction function, Tensor one, Tensor two, Tensor result)
    {
        var work = new ElementwiseWork<TFunction>(function, one, two, result);
        SimdWidth.Run(work, Grain.Chunks(work.count, Grain.Medium));
    }

    public void Run<TVector>(int chunk)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var start = (long)chunk * Grain.Medium;
        Range<TVector>(function, one + start, two + start, result + start, (uint)start, (int)Math.Min(Grain.Medium, count - start));
    }

    /// <summary>Not inlined: in its caller the loop would share registers with everything else there, and runs several times slower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Range<TVector>(TFunction function, float* one, float* two, float* result, uint first, int count)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var index = 0;
        for (; index <= count - TVector.Count; index += TVector.Count)
        {
            Apply<TVector, FullVector>(function, one + index, two + index, result + index, first + (uint)index, default);
        }

        if (index < count)
        {
            RangeEnd<TVector>(function, one + index, two + index, result + index, first + (uint)index, count - index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void RangeEnd<TVector>(TFunction function, float* one, float* two, float* result, uint first, int count)
        where TVector : unmanaged, ISimdVector<TVector> => Apply<TVector, PartialVector>(function, one, two, result, first, new(count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Apply<TVector, TExtent>(TFunction function, float* one, float* two, float* result, uint index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent => extent.Store(function.Apply(extent.Load<TVector>(one), extent.Load<TVector>(two), index), result);
}
