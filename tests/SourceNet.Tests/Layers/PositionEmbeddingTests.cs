using SourceNet.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Layers;

public class PositionEmbeddingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public void Adds_the_vector_of_each_position(long length)
    {
        using var embedding = new PositionEmbedding(7, 3).to(ScalarType.Float64);
        using var input = Samples.Normal(1, 2, length, 3);
        var (values, table) = (input.Values(), embedding.weight.Values());
        var expected = new double[values.Length];
        for (var n = 0; n < 2; n++)
        {
            for (var t = 0; t < length; t++)
            {
                for (var d = 0; d < 3; d++)
                {
                    var index = (n * length + t) * 3 + d;
                    expected[index] = values[index] + table[t * 3 + d];
                }
            }
        }

        Samples.Close(expected, embedding.call(input));
    }

    [Fact]
    public void Gradients_match_finite_differences()
    {
        using var embedding = new PositionEmbedding(4, 3).to(ScalarType.Float64);
        using var input = Samples.Normal(1, 2, 3, 3).requires_grad_();
        FiniteDifferences.Check(() => embedding.call(input), input, embedding.weight);
    }

    [Fact]
    public void Starts_small()
    {
        using var embedding = new PositionEmbedding(400, 100);
        var values = embedding.weight.Values();
        Assert.InRange(values.Average(), -0.0006, 0.0006);
        Assert.InRange(Math.Sqrt(values.Average(value => value * value)), 0.0195, 0.0205);
    }

    [Fact]
    public void Too_many_positions_are_refused_with_both_numbers()
    {
        using var embedding = new PositionEmbedding(4, 3);
        using var input = zeros(2, 5, 3);
        var error = Assert.Throws<ArgumentException>(() => embedding.call(input));
        Assert.Contains("5", error.Message);
        Assert.Contains("4", error.Message);
        Assert.Throws<ArgumentException>(() => embedding.call(zeros(2, 4, 2)));
        Assert.Throws<ArgumentException>(() => embedding.call(zeros(3)));
    }
}
