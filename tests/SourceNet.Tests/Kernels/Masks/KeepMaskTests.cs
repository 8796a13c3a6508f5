using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Vectors;
using TorchSharp;

namespace SourceNet.Tests.Kernels.Masks;

public sealed unsafe class KeepMaskTests
{
    private const int Many = 1 << 20;

    private static bool[] Draw(KeepMask mask, int count = Many) => [.. Enumerable.Range(0, count).Select(i => mask.Keeps((uint)i))];

    private static bool[] DrawLanes<TLanes>(KeepMask mask, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        var ones = new float[count];
        fixed (float* first = ones)
        {
            for (var i = 0; i < count; i += TLanes.Count)
            {
                (TLanes.All(1f) & TLanes.Keep(mask, (uint)i)).StoreLanes(first + i, Math.Min(TLanes.Count, count - i));
            }
        }

        return [.. ones.Select(one => one != 0)];
    }

    [Fact]
    public void A_mask_does_not_depend_on_the_width_of_vectors()
    {
        var mask = new KeepMask(0x123456789abcdef, 0.3);
        var expected = Draw(mask, 10_007);

        Assert.Equal(expected, DrawLanes<Lanes128>(mask, 10_007));
        Assert.Equal(expected, DrawLanes<Lanes256>(mask, 10_007));
        Assert.Equal(expected, DrawLanes<Lanes512>(mask, 10_007));
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void The_share_that_is_dropped_is_the_rate(double rate)
    {
        foreach (var seed in new long[] { 0, 1, -1, 12345, long.MaxValue / 3 })
        {
            var dropped = Draw(new KeepMask(seed, rate)).Count(keeps => !keeps);
            // Five standard deviations.
            Assert.InRange(dropped, (Many * rate) - (5 * Math.Sqrt(Many * rate * (1 - rate))), (Many * rate) + (5 * Math.Sqrt(Many * rate * (1 - rate))));
        }
    }

    [Fact]
    public void Neighbors_and_elements_of_rows_above_each_other_are_independent()
    {
        var kept = Draw(new KeepMask(7, 0.5));
        foreach (var lag in new[] { 1, 2, 3, 4, 8, 16, 100, 128, 512, 1000, 1024, 4096, 65536 })
        {
            var same = Enumerable.Range(0, Many - lag).Count(i => kept[i] == kept[i + lag]);
            Assert.InRange(same, ((Many - lag) / 2.0) - (2.5 * Math.Sqrt(Many)), ((Many - lag) / 2.0) + (2.5 * Math.Sqrt(Many)));
        }
    }

    [Fact]
    public void Masks_of_different_seeds_are_independent()
    {
        var masks = new long[] { 0, 1, 2, 3, 1L << 32, 1L << 33, (1L << 32) + 1, -1 }.Select(seed => Draw(new KeepMask(seed, 0.5))).ToList();
        for (var one = 0; one < masks.Count; one++)
        {
            for (var other = one + 1; other < masks.Count; other++)
            {
                var same = Enumerable.Range(0, Many).Count(i => masks[one][i] == masks[other][i]);
                Assert.InRange(same, (Many / 2.0) - (3 * Math.Sqrt(Many)), (Many / 2.0) + (3 * Math.Sqrt(Many)));
            }
        }
    }

    [Fact]
    public void Torchs_seed_repeats_a_mask_and_each_call_draws_another()
    {
        torch.manual_seed(3);
        var (first, second) = (Draw(KeepMask.Draw(0.5), 1000), Draw(KeepMask.Draw(0.5), 1000));
        torch.manual_seed(3);
        var again = Draw(KeepMask.Draw(0.5), 1000);

        Assert.Equal(first, again);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Nothing_is_dropped_at_rate_0_and_everything_at_rate_1()
    {
        Assert.All(Draw(new KeepMask(5, 0), 10_000), Assert.True);
        Assert.All(Draw(new KeepMask(5, 1), 10_000), Assert.False);
    }
}
