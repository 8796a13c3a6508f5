using SourceNet.Kernels.Native;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Masks;

/// <summary>A mask written out, for the compositions of TorchSharp operators that do what a kernel does.</summary>
internal static unsafe class MaskTensor
{
    /// <summary>The factors of all elements of a tensor: 1/(1 − rate) where one is kept, else 0.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="like">A tensor of fewer than 2³¹ elements, which gives the shape, the type and the device.</param>
    internal static Tensor Of(DropoutMask mask, Tensor like)
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
    internal static void Write(DropoutMask mask, float* factors, int count) =>
        SimdWidth.Run(new Work(mask, factors, count), Grain.Chunks(count, Grain.Light));

    private readonly struct Work(DropoutMask mask, float* factors, int count) : ISimdWork
    {
        public void Run<TVector>(int chunk)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            var end = (int)Math.Min(count, ((long)chunk + 1) * Grain.Light);
            var index = chunk * Grain.Light;
            for (; index <= end - TVector.Count; index += TVector.Count)
            {
                mask.Factors<TVector>((uint)index).Store(factors + index);
            }

            if (index < end)
            {
                mask.Factors<TVector>((uint)index).StorePartial(factors + index, end - index);
            }
        }
    }
}
