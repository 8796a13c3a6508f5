using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Updates;

/// <summary>
/// LAMB's first pass over a range of a parameter: the moments take in the gradient, and the lengths of weight and direction are measured. The second pass
/// computes the direction again, which costs no more than to read it from a memory of its own.
/// </summary>
internal static unsafe class LambLoop
{
    /// <summary>Directions that are kept for a moment, to be squared in double precision.</summary>
    private const int Block = 512;

    /// <param name="entry">The parameter.</param>
    /// <param name="scale">What every gradient is multiplied with.</param>
    /// <param name="start">The first element.</param>
    /// <param name="count">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static SquaredLengths Run<TVector>(in TensorEntry entry, float scale, long start, long count)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var directions = stackalloc float[Block];
        var coefficients = entry.Coefficients;
        var scales = TVector.Broadcast(scale);
        var lengths = default(SquaredLengths);
        for (var first = 0L; first < count; first += Block)
        {
            var length = (int)Math.Min(Block, count - first);
            var at = entry.Pointers.From(start + first);
            var index = 0;
            for (; index <= length - TVector.Count; index += TVector.Count)
            {
                LambRule.FirstDirection(coefficients, scales, at, index, default(FullVector)).Store(directions + index);
            }

            if (index < length)
            {
                var rest = new PartialVector(length - index);
                rest.Store(LambRule.FirstDirection(coefficients, scales, at, index, rest), directions + index);
            }

            lengths += new SquaredLengths(TVector.SquaredSum(at.Weight, length), TVector.SquaredSum(directions, length));
        }

        return lengths;
    }
}
