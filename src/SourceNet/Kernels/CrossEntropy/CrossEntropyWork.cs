using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>Some rows of logits. Each chunk adds its losses up for itself, so that their sum does not depend on the number of threads.</summary>
internal readonly unsafe struct CrossEntropyWork<TWeights>(CrossEntropyArguments arguments, TWeights weights) : ISimdWork
    where TWeights : unmanaged, ITargetWeights
{
    public void Run<TVector>(int chunk)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var end = Math.Min(arguments.Rows, (chunk + 1L) * arguments.RowsInChunk);
        var sum = 0.0;
        for (var row = (long)chunk * arguments.RowsInChunk; row < end; row++)
        {
            sum += Loss<TVector>(row);
        }

        arguments.Sums[chunk] = sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private double Loss<TVector>(long row)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var start = row * arguments.Classes;
        if (arguments.Indices is null)
        {
            return SoftmaxRow.Loss<TWeights, TVector>(arguments, weights, start, -1, 0);
        }

        var target = arguments.Indices[row];
        if (target != arguments.IgnoreIndex)
        {
            var weight = arguments.ClassWeights is null ? arguments.TargetWeight : arguments.TargetWeight * arguments.ClassWeights[target];
            return SoftmaxRow.Loss<TWeights, TVector>(arguments, weights, start, target, weight);
        }

        if (arguments.Gradient is not null)
        {
            new Span<float>(arguments.Gradient + start, (int)arguments.Classes).Clear();
        }

        return 0;
    }
}
