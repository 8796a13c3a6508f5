using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Vectors;
using SourceNet.Tests.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Kernels.Masks;

public sealed unsafe class DropoutMaskTests
{
    private const int Many = 1_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(100_003)]
    public void A_mask_does_not_depend_on_the_width_of_vectors_or_the_number_of_threads(int count)
    {
        var mask = new DropoutMask(0x1234_5678_9ABC_DEF0, 0.3);
        var expected = Written(4, mask, count, threads: 1);
        foreach (var threads in new[] { 1, 2, 5 })
        {
            Assert.Equal(expected, Written(4, mask, count, threads));
            Assert.Equal(expected, Written(8, mask, count, threads));
            Assert.Equal(expected, Written(16, mask, count, threads));
        }
    }

    [Fact]
    public void A_mask_does_not_depend_on_where_a_vector_begins()
    {
        var mask = new DropoutMask(99, 0.5);
        var expected = Written(4, mask, 200, threads: 1);
        var lanes = new float[16];
        fixed (float* target = lanes)
        {
            for (var start = 0; start < 184; start++)
            {
                mask.Factors<SimdVector512>((uint)start).Store(target);
                Assert.Equal(expected[start..(start + 16)], lanes);
            }
        }
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void The_rate_is_kept_and_the_mean_is_one(double rate)
    {
        for (var seed = 0UL; seed < 20; seed++)
        {
            var factors = Written(8, new DropoutMask(seed * 0x1_0000_0001, rate), Many, threads: 2);
            var kept = factors.Count(factor => factor != 0);
            // Five standard deviations of a binomial distribution.
            Assert.Equal(1 - rate, kept / (double)Many, 5 * Math.Sqrt(rate * (1 - rate) / Many));
            Assert.All(factors.Where(factor => factor != 0).Distinct(), factor => Assert.Equal((float)(1 / (1 - rate)), factor));
        }
    }

    [Fact]
    public void Neighbors_are_independent()
    {
        for (var seed = 0UL; seed < 4; seed++)
        {
            var signs = Signs(seed);
            foreach (var lag in new[] { 1, 2, 3, 4, 7, 8, 16, 32, 64, 128, 256, 1000, 1024, 4096, 65536 })
            {
                Assert.InRange(Correlation(signs.AsSpan(0, Many - lag), signs.AsSpan(lag)), -0.005, 0.005);
            }
        }
    }

    [Fact]
    public void Counts_in_blocks_vary_as_those_of_independent_elements()
    {
        const int Block = 64;
        var signs = Signs(7);
        var sums = signs.Chunk(Block).Where(block => block.Length == Block).Select(block => block.Sum(sign => sign)).ToArray();
        Assert.InRange(sums.Average(sum => (double)sum * sum) / Block, 0.95, 1.05);
    }

    [Fact]
    public void Masks_of_different_seeds_are_independent_also_where_one_is_shifted()
    {
        foreach (var (one, other) in new[] { (0UL, 1UL), (5UL, 5UL + (1UL << 32)), (0UL, ulong.MaxValue), (1UL << 31, 0UL), (42UL, 43UL + (1UL << 32)) })
        {
            var first = Signs(one);
            var second = Signs(other);
            for (var shift = 0; shift < 3; shift++)
            {
                Assert.InRange(Correlation(first.AsSpan(shift), second.AsSpan(0, Many - shift)), -0.005, 0.005);
            }
        }
    }

    [Fact]
    public void Rates_of_zero_and_one_keep_everything_and_nothing()
    {
        Assert.All(Written(16, new DropoutMask(3, 0), 10_000, threads: 1), factor => Assert.Equal(1, factor));
        Assert.All(Written(16, new DropoutMask(3, 1), 10_000, threads: 1), factor => Assert.Equal(0, factor));
    }

    [Fact]
    public void A_tensor_of_a_mask_has_shape_and_type_of_what_it_is_for()
    {
        using var like = zeros([3, 5], ScalarType.Float64);
        using var factors = MaskTensor.Of(new DropoutMask(3, 0.5), like);
        Assert.Equal(ScalarType.Float64, factors.dtype);
        Assert.Equal([3, 5], factors.shape);
        Assert.Equal(Written(4, new DropoutMask(3, 0.5), 15, threads: 1).Select(factor => (double)factor), factors.data<double>().ToArray());
    }

    [Fact]
    public void Seeds_can_be_drawn_in_and_after_inference_mode_and_scopes()
    {
        var thread = new Thread(() =>
        {
            using (inference_mode())
            using (NewDisposeScope())
            {
                MaskSeed.Next();
            }

            MaskSeed.Next();
        });
        thread.Start();
        thread.Join();
    }

    private static float[] Written(int width, DropoutMask mask, int count, int threads)
    {
        using var vectors = new VectorWidth(width);
        using var scope = new ThreadCount(threads);
        var factors = new float[count];
        fixed (float* target = factors)
        {
            MaskTensor.Write(mask, target, count);
        }

        return factors;
    }

    private static int[] Signs(ulong seed) => [.. Written(8, new DropoutMask(seed, 0.5), Many, threads: 2).Select(factor => factor > 0 ? 1 : -1)];

    private static double Correlation(ReadOnlySpan<int> one, ReadOnlySpan<int> other)
    {
        var sum = 0L;
        for (var index = 0; index < one.Length; index++)
        {
            sum += one[index] * other[index];
        }

        return sum / (double)one.Length;
    }
}
