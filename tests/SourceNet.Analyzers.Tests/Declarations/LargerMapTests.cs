namespace SourceNet.Analyzers.Tests.Declarations;

/// <summary>Layers that make feature maps larger or smaller.</summary>
public class LargerMapTests
{
    [Theory]
    [InlineData("{|SN6007:Upsample(0)|}", "The scale of Upsample must be at least 1, found 0")]
    [InlineData("{|SN6008:Upsample(2, AlignCorners = true)|}", "AlignCorners of Upsample must be left out: Nearest copies cells, found true")]
    [InlineData("{|SN6008:Upsample(2, Kind = (UpsampleKind)9)|}", "Kind of Upsample must be a value of its enum, found 9")]
    [InlineData(
        "{|SN6012:PixelShuffle(3)|}",
        "The square of its factor must divide the channels of PixelShuffle: 8 is not divisible by 9")]
    [InlineData("{|SN6012:PixelUnshuffle(2)|}", "Its factor must divide height and width of PixelUnshuffle: 3 is not divisible by 2")]
    [InlineData(
        "GlobalAveragePool, {|SN6010:PixelShuffle(2)|}",
        "PixelShuffle expects [C, H, W], channels first, found [8]")]
    [InlineData(
        "GlobalAveragePool, {|SN6010:Upsample(2)|}",
        "Upsample expects [C, L], [C, H, W] or [C, D, H, W], channels first, found [8]")]
    public Task What_cannot_be_made_larger_is_reported(string layers, string message) => Declaration.Reports(
        $"[Model, Input(8, 3, 4)] partial class Net {{ [{layers}] private partial Tensor Make(Tensor x); }}", message);

    [Fact]
    public Task Sizes_that_are_known_at_run_time_only_are_silent() => Declaration.IsSilent(
        """
        [Model, Input("channels", "H", "W")] partial class Net(int channels, int scale)
        {
            [Conv2d("channels * scale * scale", Kernel = 3, Padding = 1), PixelShuffle("scale"), Upsample("scale", Kind = UpsampleKind.Linear),
                Conv2d(3, Kernel = 3)]
            private partial Tensor Make(Tensor x);
        }
        """);
}
