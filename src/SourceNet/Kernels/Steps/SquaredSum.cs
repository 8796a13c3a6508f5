using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SourceNet.Kernels.Steps;

/// <summary>Σ x² of floats in double precision, which costs nothing beside reading them and neither overflows nor loses small ones.</summary>
/// <remarks>Always eight partial sums, added up in one order: the same bits with every width of vector, except for the rounding of a fused multiplication.</remarks>
internal static unsafe class SquaredSum
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static double Of(float* values, long count)
    {
        var low = Vector512<double>.Zero;
        var high = Vector512<double>.Zero;
        var index = 0L;
        for (; index + 16 <= count; index += 16)
        {
            var (lower, upper) = Vector512.Widen(Vector512.Load(values + index));
            low += lower * lower;
            high += upper * upper;
        }

        var sum = Vector512.Sum(low + high);
        for (; index < count; index++)
        {
            sum += (double)values[index] * values[index];
        }

        return sum;
    }
}
