using System.Runtime.InteropServices;
using SourceNet.Kernels.Steps;
using SourceNet.Tests.Kernels.Vectors;

namespace SourceNet.Tests.Kernels;

public sealed unsafe class StepTableTests
{
    [Fact]
    public void Chunks_cover_every_element_once_and_cut_between_vectors()
    {
        long[] counts = [1, 15, 16, 17, StepTable.Grain - 5, 3, StepTable.Grain, StepTable.Grain * 3 + 7, 1, 1, 40];
        var slots = new StepSlot[counts.Length];
        var starts = new long[counts.Length];
        var end = 0L;
        var covered = counts.Select(count => new int[count]).ToArray();
        for (var index = 0; index < counts.Length; index++)
        {
            slots[index].Count = counts[index];
            starts[index] = end;
            end += (counts[index] + 15) / 16 * 16;
        }

        fixed (StepSlot* slot = slots)
        fixed (long* start = starts)
        {
            var pieces = new StepPieces(slot, start, counts.Length);
            for (var chunk = 0; chunk * (long)StepTable.Grain < end; chunk++)
            {
                var size = 0L;
                foreach (var piece in pieces.Of(chunk))
                {
                    Assert.Equal(0, piece.Start % 16);
                    size += piece.Count;
                    for (var element = piece.Start; element < piece.Start + piece.Count; element++)
                    {
                        covered[piece.Slot - slot][element]++;
                    }
                }

                Assert.InRange(size, 1, StepTable.Grain);
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
                var table = new StepTable();
                table.Add(new StepSlot { Gradient = first, Count = count });
                Assert.Equal(1, table.SquaredGradients() / expected, 1e-12);
            }
        }
    }

    [Fact]
    public void The_sum_over_many_gradients_is_that_of_all()
    {
        var table = new StepTable();
        var expected = 0.0;
        List<nint> memory = [];
        for (var index = 0; index < 40; index++)
        {
            var count = 1 + (index * 997 % 5000) + (index == 20 ? 3 * StepTable.Grain : 0);
            var gradient = (float*)NativeMemory.Alloc((nuint)count, sizeof(float));
            memory.Add((nint)gradient);
            for (var element = 0; element < count; element++)
            {
                gradient[element] = MathF.Sin(element + index);
                expected += (double)gradient[element] * gradient[element];
            }

            table.Add(new StepSlot { Gradient = gradient, Count = count });
        }

        Assert.Equal(1, table.SquaredGradients() / expected, 1e-12);
        table.Clear();
        Assert.Equal(0, table.SquaredGradients());
        memory.ForEach(address => NativeMemory.Free((void*)address));
    }
}
