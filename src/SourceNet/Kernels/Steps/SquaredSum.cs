using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SourceNet.Kernels.Steps;

/// <summary>Σ x² of floats in double precision, which costs nothing beside reading them and neither overflows nor loses small ones.</summary>
/// <remarks>Each width has its own loop: a vector wider than the machine's would be taken apart through memory, several times slower.</remarks>
internal static unsafe class SquaredSum
{
    internal static double Of(float* values, long count)
    {
        var whole = count - (count % 16);
        var sum = Vector512.IsHardwareAccelerated ? Wide(values, whole) : Vector256.IsHardwareAccelerated ? Medium(values, whole) : Narrow(values, whole);
        for (var index = whole; index < count; index++)
        {
            sum += (double)values[index] * values[index];
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Wide(float* values, long count)
    {
        var low = Vector512<double>.Zero;
        var high = Vector512<double>.Zero;
        for (var index = 0L; index < count; index += 16)
        {
            var (lower, upper) = Vector512.Widen(Vector512.Load(values + index));
            low += lower * lower;
            high += upper * upper;
        }

        return Vector512.Sum(low + high);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Medium(float* values, long count)
    {
        var low = Vector256<double>.Zero;
        var high = Vector256<double>.Zero;
        for (var index = 0L; index < count; index += 8)
        {
            var (lower, upper) = Vector256.Widen(Vector256.Load(values + index));
            low += lower * lower;
            high += upper * upper;
        }

        return Vector256.Sum(low + high);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Narrow(float* values, long count)
    {
        var low = Vector128<double>.Zero;
        var high = Vector128<double>.Zero;
        for (var index = 0L; index < count; index += 4)
        {
            var (lower, upper) = Vector128.Widen(Vector128.Load(values + index));
            low += lower * lower;
            high += upper * upper;
        }

        return Vector128.Sum(low + high);
    }
}
