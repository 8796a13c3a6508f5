using System.Runtime.InteropServices;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Updates;
using SourceNet.Tests.Kernels.Vectors;

namespace SourceNet.Tests.Kernels;

public sealed unsafe class MultiTensorListTests
{
    [Fact]
    public void Chunks_cover_every_element_once_and_cut_between_vectors()
    {
        long[] counts = [1, 15, 16, 17, Grain.Light - 5, 3, Grain.Light, Grain.Light * 3 + 7, 1, 1, 40];
        var entries = new TensorEntry[counts.Length];
        var starts = new long[counts.Length];
        var end = 0L;
        var covered = counts.Select(count => new int[count]).ToArray();
        for (var index = 0; index < counts.Length; index++)
        {
            entries[index].Count = counts[index];
            starts[index] = end;
            end += (counts[index] + 15) / 16 * 16;
        }

        fixed (TensorEntry* entry = entries)
        fixed (long* start = starts)
        {
            var ranges = new TensorRanges(entry, start, counts.Length);
            for (var chunk = 0; chunk * (long)Grain.Light < end; chunk++)
            {
                var size = 0L;
                foreach (var range in ranges.Of(chunk))
                {
                    Assert.Equal(0, range.Start % 16);
                    size += range.Count;
                    for (var element = range.Start; element < range.Start + range.Count; element++)
                    {
                        covered[range.Entry - entry][element]++;
                    }
                }

                Assert.InRange(size, 1, Grain.Light);
            }
        }

        Assert.All(covered, elements => Assert.All(elements, times => Assert.Equal(1, times)));
    }

    [Theory]
    [InlineData(1, 1f)]
    [InlineData(15, 1f)]
    [InlineData(16, 1f)]
    [InlineData(33, 1f)]
    [InlineData(100_003, 1f)]
    // The squares are beyond what float32 can hold.
    [InlineData(1000, 1e25f)]
    [InlineData(1000, 1e-25f)]
    public void Squares_are_summed_in_double_precision(int count, float size)
    {
        var random = new Random(count);
        var values = Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5) * size).ToArray();
        var expected = values.Sum(value => (double)value * value);
        fixed (float* first = values)
        {
            foreach (var width in VectorWidth.All)
            {
                using var vectors = new VectorWidth(width);
                var list = new MultiTensorList();
                list.Add(new TensorEntry { Pointers = new() { Gradient = first }, Count = count });
                Assert.Equal(1, list.SquaredGradients() / expected, 1e-12);
            }
        }
    }

    [Fact]
    public void The_sum_over_many_gradients_is_that_of_all()
    {
        var list = new MultiTensorList();
        var expected = 0.0;
        List<nint> memory = [];
        for (var index = 0; index < 40; index++)
        {
            var count = 1 + (index * 997 % 5000) + (index == 20 ? 3 * Grain.Light : 0);
            var gradient = (float*)NativeMemory.Alloc((nuint)count, sizeof(float));
            memory.Add((nint)gradient);
            for (var element = 0; element < count; element++)
            {
                gradient[element] = MathF.Sin(element + index);
                expected += (double)gradient[element] * gradient[element];
            }

            list.Add(new TensorEntry { Pointers = new() { Gradient = gradient }, Count = count });
        }

        Assert.Equal(1, list.SquaredGradients() / expected, 1e-12);
        list.Clear();
        Assert.Equal(0, list.SquaredGradients());
        memory.ForEach(address => NativeMemory.Free((void*)address));
    }
}
