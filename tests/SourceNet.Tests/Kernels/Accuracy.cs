using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using SourceNet.Tests.Layers;
using static TorchSharp.torch;

namespace SourceNet.Tests.Kernels;

/// <summary>Compares a kernel's float32 with float64, by the measure of what libtorch's own float32 reaches.</summary>
internal static class Accuracy
{
    /// <summary>Four units in the last place; ten where the machine rounds products before they are added.</summary>
    private static readonly double s_roundings = Fma.IsSupported || AdvSimd.IsSupported ? 5e-7 : 1.2e-6;

    /// <param name="exact">Computed in float64.</param>
    /// <param name="libtorchs">By libtorch's operators in float32.</param>
    /// <param name="kernels">By the kernel.</param>
    /// <param name="what">What it is, for the message.</param>
    internal static void Check(Tensor exact, Tensor libtorchs, Tensor kernels, string what)
    {
        Assert.Equal(exact.shape, kernels.shape);
        var expected = exact.Values();
        var reached = Largest(expected, libtorchs.Values());
        var scale = expected.Length == 0 ? 0 : expected.Max(Math.Abs);
        // Where libtorch happens to be exact, a few roundings of the largest number are allowed.
        var allowed = Math.Max(2 * reached, (s_roundings * scale) + 1e-9);
        var found = Largest(expected, kernels.Values());
        Assert.True(found <= allowed, FormattableString.Invariant(
            $"{what}: an error of {found:G3}, where libtorch has {reached:G3} and numbers are up to {scale:G3}."));
    }

    /// <summary>Asserts the same numbers, not-a-number and infinities included.</summary>
    internal static void Same(Tensor expected, Tensor actual, double tolerance)
    {
        var (one, other) = (expected.Values(), actual.Values());
        Assert.Equal(one.Length, other.Length);
        for (var index = 0; index < one.Length; index++)
        {
            var same = double.IsFinite(one[index]) ? Math.Abs(one[index] - other[index]) <= tolerance * (1 + Math.Abs(one[index]))
                : one[index].Equals(other[index]);
            Assert.True(same, FormattableString.Invariant($"At {index}: expected {one[index]:R}, found {other[index]:R}."));
        }
    }

    private static double Largest(double[] expected, double[] found)
    {
        var largest = 0.0;
        for (var index = 0; index < expected.Length; index++)
        {
            var difference = Math.Abs(expected[index] - found[index]);
            largest = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, difference);
        }

        return largest;
    }
}
