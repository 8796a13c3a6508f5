using System.Runtime.CompilerServices;
using SourceNet.Activations;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

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

/// <summary>Runs a function over all elements.</summary>
internal static unsafe class Elementwise
{
    /// <summary>Elements in a chunk: some microseconds.</summary>
    private const int Grain = 1 << 14;

    internal static void Run<TFunction>(TFunction function, float* one, float* two, float* result, long count)
        where TFunction : unmanaged, IElementwise => SimdWidth.Run(new Work<TFunction>(function, one, two, result, count), (int)((count + Grain - 1) / Grain));

    private readonly struct Work<TFunction>(TFunction function, float* one, float* two, float* result, long count) : ISimdWork
        where TFunction : unmanaged, IElementwise
    {
        public void Run<TVector>(int chunk)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            var start = (long)chunk * Grain;
            Range<TVector>(function, one + start, two + start, result + start, (uint)start, (int)Math.Min(Grain, count - start));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Range<TVector>(TFunction function, float* one, float* two, float* result, uint first, int count)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            var index = 0;
            for (; index <= count - TVector.Count; index += TVector.Count)
            {
                function.Apply(TVector.Load(one + index), TVector.Load(two + index), first + (uint)index).Store(result + index);
            }

            if (index < count)
            {
                RangeEnd<TVector>(function, one + index, two + index, result + index, first + (uint)index, count - index);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void RangeEnd<TVector>(TFunction function, float* one, float* two, float* result, uint first, int count)
            where TVector : unmanaged, ISimdVector<TVector> =>
            function.Apply(TVector.LoadPartial(one, count), TVector.LoadPartial(two, count), first).StorePartial(result, count);
    }

    /// <summary>f(x) · mask</summary>
    internal readonly struct Activated<TActivation, TMask>(TActivation activation, TMask mask) : IElementwise
        where TActivation : unmanaged, IActivation
        where TMask : unmanaged, IMask
    {
        private readonly TActivation activation = activation;
        private readonly TMask mask = mask;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply<TVector>(TVector one, TVector two, uint index)
            where TVector : struct, ISimdVector<TVector> => mask.Apply(activation.Value(one), index);
    }

    /// <summary>f′(x) · mask · gradient</summary>
    internal readonly struct ActivatedGradient<TActivation, TMask>(TActivation activation, TMask mask) : IElementwise
        where TActivation : unmanaged, IActivation
        where TMask : unmanaged, IMask
    {
        private readonly TActivation activation = activation;
        private readonly TMask mask = mask;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply<TVector>(TVector one, TVector two, uint index)
            where TVector : struct, ISimdVector<TVector> => ActivationGradient.Of(activation, mask.Apply(two, index), one);
    }
}
