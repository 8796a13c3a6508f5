using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>Some rows of logits. Each chunk adds its losses up for itself, so that their sum does not depend on the number of threads.</summary>
internal readonly unsafe struct CrossEntropyWork<TWeights>(CrossEntropyPlace place, TWeights weights) : ISimdWork
    where TWeights : unmanaged, ITargetWeights
{
    public void Run<TVector>(int chunk)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var end = Math.Min(place.Rows, (chunk + 1L) * place.RowsInChunk);
        var sum = 0.0;
        for (var row = (long)chunk * place.RowsInChunk; row < end; row++)
        {
            sum += Loss<TVector>(row);
        }

        place.Sums[chunk] = sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private double Loss<TVector>(long row)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var start = row * place.Classes;
        var gradient = place.Gradient is null ? null : place.Gradient + start;
        if (place.Indices is null)
        {
            return SoftmaxRow.Loss<TWeights, TVector>(place.Logits + start, start, place.Classes, weights, -1, 0, place.Scale, gradient);
        }

        var target = place.Indices[row];
        if (target != place.IgnoreIndex)
        {
            var peak = place.ClassWeights is null ? place.Peak : place.Peak * place.ClassWeights[target];
            return SoftmaxRow.Loss<TWeights, TVector>(place.Logits + start, start, place.Classes, weights, target, peak, place.Scale, gradient);
        }

        if (gradient is not null)
        {
            new Span<float>(gradient, (int)place.Classes).Clear();
        }

        return 0;
    }
}
