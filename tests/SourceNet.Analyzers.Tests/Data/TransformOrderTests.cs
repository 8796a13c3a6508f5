using Check = SourceNet.Analyzers.Tests.Code<SourceNet.Analyzers.Data.TransformOrder>;

namespace SourceNet.Analyzers.Tests.Data;

/// <summary>SN4002.</summary>
public class TransformOrderTests
{
    [Theory]
    [InlineData("Compose(Gray(), {|SN4002:Gray()|})")]
    [InlineData("Compose(Gray(), CenterCrop(8), {|SN4002:Normalize(s_means, s_means)|})")]
    [InlineData("Compose(normalize, RandomHorizontalFlip(), {|SN4002:ColorJitter(0.1f)|})")]
    [InlineData("Compose(normalize, {|SN4002:Randomize(AdjustBrightness(2), 0.5)|})")]
    [InlineData("Compose(normalize, {|SN4002:jitter|})")]
    [InlineData("Compose(Compose(CenterCrop(8), Gray()), {|SN4002:AdjustContrast(2)|})")]
    [InlineData("Compose(new ITransform[] { Gray(), {|SN4002:AdjustContrast(2)|} })")]
    [InlineData("Compose(Compose(Gray(), {|SN4002:ColorJitter(0.1f)|}), CenterCrop(8))")]
    public Task It_fires_on_what_comes_after_a_normalization(string pipeline) => Check.Reports(Of(pipeline));

    [Theory]
    [InlineData("Compose(ColorJitter(0.1f), CenterCrop(8), Gray())")]
    [InlineData("Compose(Gray(), CenterCrop(8), RandomHorizontalFlip())")]
    [InlineData("Compose(Gray(), Lambda(image => image * 0.5 + 0.5), ColorJitter(0.1f))")]
    [InlineData("Compose(Gray(), Normalize(new[] { -1.0 }, new[] { 2.0 }), ColorJitter(0.1f))")]
    [InlineData("Compose(Gray(), Normalize(new[] { -1.0, 0.1 }, new[] { 2.0, 1.0 }), ColorJitter(0.1f))")]
    [InlineData("Compose(Normalize(new[] { 0.0 }, new[] { 255.0 }), ColorJitter(0.1f), Gray())")]
    [InlineData("Compose(Normalize(means, means), ColorJitter(0.1f))")]
    [InlineData("Compose(Gray(), own, ColorJitter(0.1f))")]
    [InlineData("Compose(all)")]
    public Task An_order_that_works_is_silent(string pipeline) => Check.IsSilent(Of(pipeline));

    [Theory]
    [InlineData("Compose(Gray(), {|SN4002:Gray()|})", "Normalize gets images that are normalized already: they are normalized twice. Remove one of the two.")]
    [InlineData(
        "Compose(Gray(), {|SN4002:ColorJitter(0.1f)|})",
        "ColorJitter gets images that are normalized already: it expects colors of 0..1 or bytes. Put it before Normalize.")]
    public Task The_message_says_what_to_move(string pipeline, string message) => Check.Reports(Of(pipeline), message);

    private static string Of(string pipeline) =>
        $$"""
        using static TorchSharp.torchvision;
        using static TorchSharp.torchvision.transforms;

        class Pipeline
        {
            private static readonly double[] s_means = new[] { 0.5 };

            ITransform Make(double[] means, ITransform own, ITransform[] all)
            {
                var normalize = Gray();
                var jitter = ColorJitter(0.1f);
                return {{pipeline}};
            }

            private static ITransform Gray() => Normalize(new[] { 0.13 }, new[] { 0.31 });
        }
        """;
}
