using System.Runtime.CompilerServices;
using SourceNet.Activations;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

/// <summary>What a function of one or two tensors of the same shape does to each element.</summary>
internal interface IElementwise
{
    /// <summary>The results of some elements.</summary>
    /// <param name="one">Elements of the first tensor.</param>
    /// <param name="two">Elements of the second one; of the first again where there is no second.</param>
    /// <param name="index">The index of the first lane.</param>
    TLanes Apply<TLanes>(TLanes one, TLanes two, uint index)
        where TLanes : struct, ILanes<TLanes>;
}

/// <summary>Runs a function over all elements.</summary>
internal static unsafe class Elementwise
{
    /// <summary>Elements in a chunk: some microseconds.</summary>
    private const int Grain = 1 << 14;

    internal static void Run<TFunction>(TFunction function, float* one, float* two, float* result, long count)
        where TFunction : unmanaged, IElementwise
    {
        if (WidestLanes.Count == Lanes512.Count)
        {
            Run<Lanes512, TFunction>(function, one, two, result, count);
        }
        else if (WidestLanes.Count == Lanes256.Count)
        {
            Run<Lanes256, TFunction>(function, one, two, result, count);
        }
        else
        {
            Run<Lanes128, TFunction>(function, one, two, result, count);
        }
    }

    internal static void Run<TLanes, TFunction>(TFunction function, float* one, float* two, float* result, long count)
        where TLanes : struct, ILanes<TLanes>
        where TFunction : unmanaged, IElementwise => ChunkLoop.Run(new Work<TLanes, TFunction>(function, one, two, result, count), (int)((count + Grain - 1) / Grain));

    private readonly struct Work<TLanes, TFunction>(TFunction function, float* one, float* two, float* result, long count) : IChunkWork
        where TLanes : struct, ILanes<TLanes>
        where TFunction : unmanaged, IElementwise
    {
        public void Run(int chunk)
        {
            var start = (long)chunk * Grain;
            Range(function, one + start, two + start, result + start, (uint)start, (int)Math.Min(Grain, count - start));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Range(TFunction function, float* one, float* two, float* result, uint first, int count)
        {
            var index = 0;
            for (; index <= count - TLanes.Count; index += TLanes.Count)
            {
                function.Apply(TLanes.Load(one + index), TLanes.Load(two + index), first + (uint)index).Store(result + index);
            }

            if (index < count)
            {
                RangeEnd(function, one + index, two + index, result + index, first + (uint)index, count - index);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void RangeEnd(TFunction function, float* one, float* two, float* result, uint first, int count) =>
            function.Apply(TLanes.LoadPart(one, count), TLanes.LoadPart(two, count), first).StorePart(result, count);
    }

    /// <summary>f(x) · mask</summary>
    internal readonly struct Activated<TActivation, TMask>(TActivation activation, TMask mask) : IElementwise
        where TActivation : unmanaged, IActivation
        where TMask : unmanaged, IMask
    {
        private readonly TActivation activation = activation;
        private readonly TMask mask = mask;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes one, TLanes two, uint index)
            where TLanes : struct, ILanes<TLanes> => mask.Apply(activation.Value(one), index);
    }

    /// <summary>f′(x) · mask · gradient</summary>
    internal readonly struct ActivatedGradient<TActivation, TMask>(TActivation activation, TMask mask) : IElementwise
        where TActivation : unmanaged, IActivation
        where TMask : unmanaged, IMask
    {
        private readonly TActivation activation = activation;
        private readonly TMask mask = mask;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Apply<TLanes>(TLanes one, TLanes two, uint index)
            where TLanes : struct, ILanes<TLanes> => ActivationGradient.Of(activation, mask.Apply(two, index), one);
    }
}
