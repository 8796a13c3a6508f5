using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Layers;

/// <summary>Tensors with the same values in every run, whatever other tests draw from torch's generator, and their values as plain arrays.</summary>
internal static class Samples
{
    internal static Tensor Normal(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var values = new double[shape.Aggregate(1L, (product, size) => product * size)];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        }

        return tensor(values, shape, dtype: ScalarType.Float64);
    }

    internal static Tensor Integers(int seed, int below, params long[] shape)
    {
        var random = new Random(seed);
        var values = new long[shape.Aggregate(1L, (product, size) => product * size)];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = random.Next(below);
        }

        return tensor(values, shape);
    }

    /// <summary>The elements in order. Nothing is left to the garbage collector meanwhile, the tensor itself included.</summary>
    internal static double[] Values(this Tensor tensor)
    {
        using var detached = tensor.detach();
        GC.KeepAlive(tensor);
        using var wide = detached.to(ScalarType.Float64);
        using var dense = wide.contiguous();
        return dense.data<double>().ToArray();
    }

    internal static void Fill(this Tensor target, double[] values)
    {
        using var noGradient = no_grad();
        using var source = tensor(values, target.shape, dtype: ScalarType.Float64);
        target.copy_(source);
    }

    internal static void Close(double[] expected, Tensor actual, double tolerance = 1e-12)
    {
        var values = actual.Values();
        Assert.Equal(expected.Length, values.Length);
        for (var index = 0; index < values.Length; index++)
        {
            Assert.True(
                Math.Abs(expected[index] - values[index]) <= tolerance * (1 + Math.Abs(expected[index])),
                FormattableString.Invariant($"At {index}: expected {expected[index]:R}, found {values[index]:R}."));
        }
    }
}
