using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SourceNet.Kernels.Native;
using SourceNet.Kernels.Threads;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.Rows;

/// <summary>Loads what a step of Adam loads and stores what it stores, and computes nothing.</summary>
internal sealed unsafe class MemoryTwin : IDisposable
{
    private readonly Tensor[] weights;
    private readonly Tensor[] gradients;
    private readonly Tensor[] means;
    private readonly Tensor[] squares;

    internal MemoryTwin(Parameter[] parameters)
    {
        // Its own, for what it makes of them would slow the arithmetic of the other side.
        weights = [.. parameters.Select(parameter => parameter.detach().clone())];
        gradients = [.. parameters.Select(parameter => parameter.grad!)];
        means = [.. weights.Select(weight => weight.zeros_like())];
        squares = [.. weights.Select(weight => weight.zeros_like())];
    }

    internal void Step()
    {
        for (var index = 0; index < weights.Length; index++)
        {
            var count = NativeTensor.Count(weights[index].Handle);
            var work = new Work(
                NativeTensor.Floats(weights[index].Handle), NativeTensor.Floats(gradients[index].Handle), NativeTensor.Floats(means[index].Handle),
                NativeTensor.Floats(squares[index].Handle), count);
            ChunkLoop.Run(work, (int)((count + Grain.Light - 1) / Grain.Light));
        }
    }

    public void Dispose()
    {
        foreach (var tensor in new[] { weights, gradients, means, squares }.SelectMany(all => all))
        {
            tensor.Dispose();
        }
    }

    private readonly struct Work(float* weight, float* gradient, float* mean, float* square, long count) : IChunkWork
    {
        public void Run(int chunk)
        {
            var start = (long)chunk * Grain.Light;
            Move(weight + start, gradient + start, mean + start, square + start, Math.Min(Grain.Light, count - start));
        }

        /// <summary>The xor keeps the compiler and the processor from leaving out the load of what is not stored.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Move(float* weight, float* gradient, float* mean, float* square, long count)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                for (var index = 0L; index + 16 <= count; index += 16)
                {
                    var first = Vector512.Load(mean + index);
                    var second = Vector512.Load(square + index);
                    (Vector512.Load(weight + index) ^ Vector512.Load(gradient + index)).Store(weight + index);
                    first.Store(mean + index);
                    second.Store(square + index);
                }
            }
            else
            {
                for (var index = 0L; index + 8 <= count; index += 8)
                {
                    var first = Vector256.Load(mean + index);
                    var second = Vector256.Load(square + index);
                    (Vector256.Load(weight + index) ^ Vector256.Load(gradient + index)).Store(weight + index);
                    first.Store(mean + index);
                    second.Store(square + index);
                }
            }
        }
    }
}
