using SourceNet.Kernels.Native;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Random;

/// <summary>A mask written out, for the compositions of TorchSharp operators that do what a kernel does.</summary>
internal static unsafe class MaskTensor
{
    private const int Grain = 1 << 15;

    /// <summary>The factors of all elements of a tensor: 1/(1 − rate) where one is kept, else 0.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="like">A tensor of fewer than 2³¹ elements, which gives the shape, the type and the device.</param>
    internal static Tensor Of(KeepMask mask, Tensor like)
    {
        var factors = empty(like.shape, ScalarType.Float32);
        Write(mask, NativeTensor.Floats(factors.Handle), (int)factors.numel());
        if (like.dtype == ScalarType.Float32 && like.device_type == DeviceType.CPU)
        {
            return factors;
        }

        // A rate has a factor in each type.
        using (factors)
        using (var kept = factors.to(ScalarType.Bool))
        using (var ones = kept.to(like.dtype, like.device))
        using (var scale = mask.Scale.ToScalar())
        {
            return ones.mul(scale);
        }
    }

    /// <summary>Writes the factors of the first elements.</summary>
    internal static void Write(KeepMask mask, float* factors, int count)
    {
        if (WidestLanes.Count == Lanes512.Count)
        {
            Write<Lanes512>(mask, factors, count);
        }
        else if (WidestLanes.Count == Lanes256.Count)
        {
            Write<Lanes256>(mask, factors, count);
        }
        else
        {
            Write<Lanes128>(mask, factors, count);
        }
    }

    internal static void Write<TLanes>(KeepMask mask, float* factors, int count)
        where TLanes : struct, ILanes<TLanes> => ChunkLoop.Run(new Work<TLanes>(mask, factors, count), (int)(((long)count + Grain - 1) / Grain));

    private readonly struct Work<TLanes>(KeepMask mask, float* factors, int count) : IChunkWork
        where TLanes : struct, ILanes<TLanes>
    {
        public void Run(int chunk)
        {
            var end = (int)Math.Min(count, ((long)chunk + 1) * Grain);
            var index = chunk * Grain;
            for (; index <= end - TLanes.Count; index += TLanes.Count)
            {
                mask.Factors<TLanes>((uint)index).Store(factors + index);
            }

            if (index < end)
            {
                mask.Factors<TLanes>((uint)index).StorePart(factors + index, end - index);
            }
        }
    }
}
