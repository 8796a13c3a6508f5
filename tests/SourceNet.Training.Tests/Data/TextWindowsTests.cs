using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Data;

public class TextWindowsTests
{
    private static readonly int[] s_text = [.. Enumerable.Range(100, 25)];

    [Fact]
    public void A_window_is_tokens_and_each_target_is_what_follows()
    {
        var batch = Read(new TextWindows(s_text, 4, 2))[0];

        Assert.Equal([2, 4], batch.Shape);
        Assert.Equal([100, 101, 102, 103, 104, 105, 106, 107], batch.Inputs);
        Assert.Equal([101, 102, 103, 104, 105, 106, 107, 108], batch.Targets);
    }

    [Fact]
    public void Tokens_are_Int64()
    {
        foreach (var batch in new TextWindows(s_text, 4, 2).Epoch(0))
        {
            Assert.Equal((ScalarType.Int64, ScalarType.Int64), (batch.Inputs.dtype, batch.Targets.dtype));
        }
    }

    [Theory]
    [InlineData(24, 1, 1)]
    [InlineData(4, 4, 6)]
    [InlineData(5, 5, 4)]
    [InlineData(4, 1, 21)]
    [InlineData(4, 7, 3)]
    public void There_is_a_window_at_every_stride_that_has_a_last_target(int length, int stride, int windows)
    {
        var source = new TextWindows(s_text, length, 1, stride);

        Assert.Equal((windows, windows), (source.Windows, source.Count));
        Assert.Equal(Enumerable.Range(0, windows).Select(window => 100L + (window * stride)), Read(source).Select(batch => batch.Inputs[0]));
    }

    [Fact]
    public void With_a_stride_of_the_length_every_token_but_the_first_is_a_target_once() =>
        Assert.Equal(Enumerable.Range(101, 24).Select(token => (long)token), Read(new TextWindows(s_text, 4, 4)).SelectMany(batch => batch.Targets));

    [Theory]
    [InlineData(false, new[] { 4, 2 })]
    [InlineData(true, new[] { 4 })]
    public void The_last_batch_has_the_rest_or_is_dropped(bool dropLast, int[] sizes)
    {
        var source = new TextWindows(s_text, 4, 4, dropLast: dropLast);

        Assert.Equal(sizes.Select(size => (long)size), Read(source).Select(batch => batch.Shape[0]));
        Assert.Equal((sizes.Length, sizes.Min()), (source.Count, source.SmallestBatch));
    }

    [Fact]
    public void Each_epoch_has_every_window_once_in_an_order_of_its_own()
    {
        var source = new TextWindows(s_text, 4, 4, seed: 3, shuffle: true);

        var epochs = Enumerable.Range(0, 5).Select(epoch => Starts(source, epoch)).ToList();

        Assert.All(epochs, starts => Assert.Equal([100, 104, 108, 112, 116, 120], starts.Order()));
        Assert.True(epochs.Select(starts => string.Join(' ', starts)).Distinct().Count() > 3);
        Assert.Equal(epochs[2], Starts(new TextWindows(s_text, 4, 4, seed: 3, shuffle: true), 2));
    }

    [Fact]
    public void An_epoch_of_fewer_batches_has_other_windows_each_time()
    {
        var source = new TextWindows(s_text, 4, 2, stride: 1, seed: 1, shuffle: true, batches: 3);

        var epochs = Enumerable.Range(0, 20).Select(epoch => Starts(source, epoch)).ToList();

        Assert.All(epochs, starts => Assert.Equal(6, starts.Distinct().Count()));
        Assert.Equal(21, epochs.SelectMany(starts => starts).Distinct().Count());
        Assert.Equal((3, 2), (source.Count, source.SmallestBatch));
    }

    [Theory]
    [InlineData(0.1, 2)]
    [InlineData(0.5, 12)]
    public void A_split_leaves_no_token_on_both_sides(double share, int measured)
    {
        var (train, validation) = TextWindows.Split(s_text, share);

        Assert.Equal(measured, validation.Length);
        Assert.Equal(s_text, train.ToArray().Concat(validation.ToArray()));
        if (measured > 4)
        {
            var seen = Read(new TextWindows(train, 4, 1, 1)).SelectMany(batch => batch.Inputs.Concat(batch.Targets));
            Assert.Empty(seen.Intersect(Read(new TextWindows(validation, 4, 1, 1)).SelectMany(batch => batch.Inputs.Concat(batch.Targets))));
        }
    }

    [Fact]
    public void An_epoch_leaves_no_tensor_behind_also_if_it_ends_early()
    {
        var before = LiveTensors.Count;
        foreach (var batch in new TextWindows(s_text, 4, 1).Epoch(0))
        {
            using var scope = NewDisposeScope();
            if (batch.Key.Index == 3)
            {
                break;
            }
        }

        Assert.Equal(before, LiveTensors.Count);
    }

    [Fact]
    public void What_makes_no_windows_is_told()
    {
        Assert.Contains("at least 26 tokens", Assert.Throws<ArgumentException>(() => new TextWindows(s_text, 25, 1)).Message);
        Assert.Contains("found -3 at index 1", Assert.Throws<ArgumentException>(() => new TextWindows(new[] { 1, -3, 2 }, 1, 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextWindows(s_text, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextWindows(s_text, 4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextWindows(s_text, 4, 1, stride: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextWindows(s_text, 4, 7, dropLast: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextWindows(s_text, 4, 2, batches: 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => TextWindows.Split(s_text, 1));
        Assert.Contains("found 25 of which 0", Assert.Throws<ArgumentException>(() => TextWindows.Split(s_text, 0.01)).Message);
    }

    /// <summary>The first token of each window of four.</summary>
    private static List<long> Starts(TextWindows source, int epoch) =>
        [.. Read(source, epoch).SelectMany(batch => batch.Inputs).Where((_, place) => place % 4 == 0)];

    private static List<(long[] Shape, long[] Inputs, long[] Targets)> Read(TextWindows source, int epoch = 0) =>
        [.. source.Epoch(epoch).Select(batch => (batch.Inputs.shape, batch.Inputs.data<long>().ToArray(), batch.Targets.data<long>().ToArray()))];
}
