using SourceNet.CompilerServices;
using SourceNet.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Layers;

public class BiasTests
{
    [Fact]
    public void Adds_a_number_to_each_feature()
    {
        using var layer = new Bias(3).to(ScalarType.Float64);
        Assert.Equal([0, 0, 0], layer.bias.Values());
        layer.bias.Fill([1, -2, 0.5]);
        using var input = Samples.Normal(1, 2, 4, 3);
        double[] expected = [.. input.Values().Select((value, index) => value + new[] { 1, -2, 0.5 }[index % 3])];
        Samples.Close(expected, layer.call(input));
    }

    [Fact]
    public void Gradients_match_finite_differences()
    {
        using var layer = new Bias(3).to(ScalarType.Float64);
        using var input = Samples.Normal(1, 2, 3).requires_grad_();
        FiniteDifferences.Check(() => layer.call(input), input, layer.bias);
    }

    [Fact]
    public void Another_size_is_refused_with_both()
    {
        using var layer = new Bias(3);
        Assert.Contains("[2, 4]", Assert.Throws<ArgumentException>(() => layer.call(zeros(2, 4))).Message);
    }
}
