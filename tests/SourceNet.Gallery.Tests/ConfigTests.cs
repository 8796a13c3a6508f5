using TorchSharp;
using static SourceNet.ActivationKind;
using static SourceNet.NormKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>The sizes of an encoder.</summary>
public sealed record EncoderConfig(int Vocabulary = 50, int Dim = 16, int Heads = 4, int Layers = 3, int Hidden = 32, double Dropout = 0.1);

/// <summary>A layer of it.</summary>
[Model, Input("T", "config.Dim")]
public sealed partial class ConfiguredLayer(EncoderConfig config)
{
    [Residual, Attention("config.Heads"), Dropout("config.Dropout"), Sum, Norm(Layer)]
    private partial Tensor Attend(Tensor x);

    [Residual, Linear("config.Hidden"), Activation(GELU), Linear("config.Dim"), Dropout("config.Dropout / 2"), Sum, Norm(Layer)]
    private partial Tensor Mix(Tensor x);
}

/// <summary>All of it.</summary>
[Model, Input("T", DType = ScalarType.Int64), WeightDecay(0.01)]
public sealed partial class ConfiguredEncoder(EncoderConfig config)
{
    [Embedding("config.Vocabulary", "config.Dim"), Norm(Layer)]
    private partial Tensor Embed(Tensor tokens);

    [Stack<ConfiguredLayer>("config", Repeat = "config.Layers")]
    private partial Tensor Layers(Tensor x);

    [GlobalAveragePool, Linear("config.Dim / 2"), Output]
    private partial Tensor Logits(Tensor x);
}

/// <summary>A record of settings is one parameter of a model, and its numbers are sizes and rates.</summary>
public class ConfigTests
{
    [Theory]
    [InlineData(16, 3)]
    [InlineData(24, 2)]
    public void Sizes_and_depth_are_those_of_the_record(int dim, int layers)
    {
        var config = new EncoderConfig(Dim: dim, Layers: layers);
        using var model = new ConfiguredEncoder(config);

        var layer = (4 * ((dim * dim) + dim)) + (2 * dim) + (32 * dim) + 32 + (32 * dim) + dim + (2 * dim);
        var expected = (50 * dim) + (2 * dim) + (layers * layer) + (dim / 2 * dim) + (dim / 2);
        Assert.Equal(expected, model.parameters().Sum(parameter => parameter.numel()));

        using var tokens = randint(0, 50, [2, 7], dtype: ScalarType.Int64);
        using var logits = model.call(tokens);
        Assert.Equal([2, dim / 2], logits.shape);
    }

    [Fact]
    public void The_summary_tells_the_values()
    {
        using var model = new ConfiguredEncoder(new EncoderConfig());
        var summary = model.Summary().ToString();
        Assert.Contains("config.Dim = 16", summary, StringComparison.Ordinal);
        Assert.Contains("config.Layers = 3", summary, StringComparison.Ordinal);
    }
}
