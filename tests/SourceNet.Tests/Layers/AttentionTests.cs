using SourceNet.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Tests.Layers;

public class AttentionTests
{
    private sealed record Projection(double[] Weight, double[] Bias)
    {
        internal static Projection Of(Linear linear) => new(linear.weight.Values(), linear.bias?.Values() ?? new double[linear.weight.size(0)]);

        internal double[] Apply(double[] vector)
        {
            var output = (double[])Bias.Clone();
            for (var row = 0; row < output.Length; row++)
            {
                for (var column = 0; column < vector.Length; column++)
                {
                    output[row] += Weight[row * vector.Length + column] * vector[column];
                }
            }

            return output;
        }
    }

    /// <summary>One position after the other, one head after the other, with the formulas of the papers.</summary>
    private static double[] Reference(Attention attention, double[] input, int batch, int length, int dim, int heads, int keyValueHeads, bool causal,
        double? rotaryBase)
    {
        var (query, key, value, output) = (Projection.Of(attention.query), Projection.Of(attention.key), Projection.Of(attention.value),
            Projection.Of(attention.output));
        var size = dim / heads;
        List<double> result = [];
        for (var n = 0; n < batch; n++)
        {
            double[] At(int t) => input[((n * length + t) * dim)..((n * length + t + 1) * dim)];
            double[] Head(Projection projection, int t, int head) => projection.Apply(At(t))[(head * size)..((head + 1) * size)];
            double[] Turned(double[] vector, int t) => rotaryBase is { } frequencyBase ? Rotate(vector, t, frequencyBase) : vector;

            for (var t = 0; t < length; t++)
            {
                var joined = new double[dim];
                for (var head = 0; head < heads; head++)
                {
                    var shared = head / (heads / keyValueHeads);
                    var seen = causal ? t + 1 : length;
                    var q = Turned(Head(query, t, head), t);
                    var weights = new double[seen];
                    for (var s = 0; s < seen; s++)
                    {
                        weights[s] = Math.Exp(Dot(q, Turned(Head(key, s, shared), s)) / Math.Sqrt(size));
                    }

                    var sum = weights.Sum();
                    for (var s = 0; s < seen; s++)
                    {
                        var v = Head(value, s, shared);
                        for (var i = 0; i < size; i++)
                        {
                            joined[head * size + i] += weights[s] / sum * v[i];
                        }
                    }
                }

                result.AddRange(output.Apply(joined));
            }
        }

        return [.. result];
    }

    private static double Dot(double[] one, double[] another) => one.Zip(another, (a, b) => a * b).Sum();

    private static double[] Rotate(double[] vector, int position, double frequencyBase)
    {
        var half = vector.Length / 2;
        var turned = new double[vector.Length];
        for (var i = 0; i < half; i++)
        {
            var angle = position / Math.Pow(frequencyBase, 2.0 * i / vector.Length);
            turned[i] = vector[i] * Math.Cos(angle) - vector[i + half] * Math.Sin(angle);
            turned[i + half] = vector[i] * Math.Sin(angle) + vector[i + half] * Math.Cos(angle);
        }

        return turned;
    }

    [Theory]
    [InlineData(8, 1, 1, false, false)]
    [InlineData(8, 4, 4, false, false)]
    [InlineData(8, 4, 4, true, false)]
    [InlineData(12, 6, 2, false, false)]
    [InlineData(12, 6, 1, true, false)]
    [InlineData(8, 2, 2, false, true)]
    [InlineData(16, 4, 2, true, true)]
    public void Computes_the_formula(int dim, int heads, int keyValueHeads, bool causal, bool rotary)
    {
        using var attention = new Attention(dim, heads, keyValueHeads, causal, rotary, rotaryBase: 100, dropout: 0.5).to(ScalarType.Float64);
        attention.eval();
        using var input = Samples.Normal(1, 2, 5, dim);
        var expected = Reference(attention, input.Values(), 2, 5, dim, heads, keyValueHeads, causal, rotary ? 100 : null);
        Samples.Close(expected, attention.call(input), 1e-10);
    }

    [Fact]
    public void Takes_a_single_sequence_too()
    {
        using var attention = new Attention(8, 2, causal: true, rotary: true, bias: false).to(ScalarType.Float64);
        using var input = Samples.Normal(1, 5, 8);
        using var output = attention.call(input);
        Assert.Equal([5, 8], output.shape);
        Samples.Close(Reference(attention, input.Values(), 1, 5, 8, 2, 2, causal: true, 10_000), output, 1e-10);
    }

    [Theory]
    [InlineData(4, false, false)]
    [InlineData(2, true, false)]
    [InlineData(1, true, true)]
    public void Gradients_match_finite_differences(long keyValueHeads, bool causal, bool rotary)
    {
        using var attention = new Attention(8, 4, keyValueHeads, causal, rotary).to(ScalarType.Float64);
        using var input = Samples.Normal(1, 2, 3, 8).requires_grad_();
        FiniteDifferences.Check(() => attention.call(input), [input, .. attention.parameters()]);
    }

    [Fact]
    public void Agrees_with_torchs_multihead_attention_on_the_same_weights()
    {
        const int Dim = 12;
        using var attention = new Attention(Dim, 3).to(ScalarType.Float64);
        using var torchs = nn.MultiheadAttention(Dim, 3).to(ScalarType.Float64);
        using (no_grad())
        {
            var state = torchs.state_dict();
            state["in_proj_weight"].copy_(cat([attention.query.weight, attention.key.weight, attention.value.weight]));
            state["in_proj_bias"].copy_(cat([attention.query.bias!, attention.key.bias!, attention.value.bias!]));
            state["out_proj.weight"].copy_(attention.output.weight);
            state["out_proj.bias"].copy_(attention.output.bias!);
        }

        using var input = Samples.Normal(1, 2, 5, Dim);
        using var sequenceFirst = input.transpose(0, 1);
        var (expected, _) = torchs.call(sequenceFirst, sequenceFirst, sequenceFirst, null, false, null);
        Samples.Close(expected.transpose(0, 1).Values(), attention.call(input), 1e-12);
    }

    [Fact]
    public void Causal_attention_does_not_see_the_future()
    {
        using var attention = new Attention(8, 2, causal: true, rotary: true).to(ScalarType.Float64);
        using var input = Samples.Normal(1, 1, 6, 8);
        using var changed = input.clone();
        changed[0, 4] = Samples.Normal(2, 8);
        var (before, after) = (attention.call(input).Values(), attention.call(changed).Values());
        Assert.Equal(before[..(4 * 8)], after[..(4 * 8)]);
        Assert.NotEqual(before[(4 * 8)..], after[(4 * 8)..]);
    }

    [Fact]
    public void Rotary_scores_depend_on_the_distance_alone()
    {
        // Queries and keys come from feature 0, which is 1 everywhere; values are one-hot positions. So the output shows the attention weights,
        // and the ratio of two weights in a row shows the difference of their scores.
        const int Length = 7;
        const int Dim = Length + 1;
        using var attention = new Attention(Dim, 1, rotary: true, rotaryBase: 50, bias: false).to(ScalarType.Float64);
        attention.query.weight.Fill(FirstColumn(3));
        attention.key.weight.Fill(FirstColumn(4));
        attention.value.weight.Fill(eye(Dim, dtype: ScalarType.Float64).Values());
        attention.output.weight.Fill(eye(Dim, dtype: ScalarType.Float64).Values());

        using var input = cat([ones(Length, 1, ScalarType.Float64), eye(Length, dtype: ScalarType.Float64)], 1);
        var weights = attention.call(input).Values();
        double Difference(int query, int key) => Math.Log(weights[query * Dim + key + 2] / weights[query * Dim + key + 1]);
        for (var query = 0; query < Length - 1; query++)
        {
            for (var key = 0; key < Length - 2; key++)
            {
                Assert.Equal(Difference(query, key), Difference(query + 1, key + 1), 1e-10);
            }
        }

        Assert.True(Math.Abs(Difference(0, 0) - Difference(0, 1)) > 0.01);

        static double[] FirstColumn(int seed)
        {
            var column = Samples.Normal(seed, Dim).Values();
            return [.. Enumerable.Range(0, Dim * Dim).Select(index => index % Dim == 0 ? column[index / Dim] : 0)];
        }
    }

    [Fact]
    public void Rotary_tables_follow_length_and_type()
    {
        using var attention = new Attention(8, 2, rotary: true);
        attention.eval();
        using (var longer = attention.call(Samples.Normal(1, 1, 9, 8).to(ScalarType.Float32)))
        {
            Assert.Equal([1, 9, 8], longer.shape);
        }

        attention.to(ScalarType.Float64);
        foreach (var length in new[] { 3, 17, 5 })
        {
            using var input = Samples.Normal(length, 1, length, 8);
            Samples.Close(Reference(attention, input.Values(), 1, length, 8, 2, 2, causal: false, 10_000), attention.call(input), 1e-10);
        }
    }

    [Fact]
    public void A_table_made_in_inference_mode_serves_training_afterwards()
    {
        using var attention = new Attention(8, 2, rotary: true);
        using var input = Samples.Normal(1, 1, 4, 8).to(ScalarType.Float32);
        using (inference_mode())
        {
            using var inferred = attention.call(input);
        }

        using var output = attention.call(input);
        output.sum().backward();
        Assert.NotNull(attention.query.weight.grad);
    }

    [Fact]
    public void Dropout_keeps_the_mean_in_train_mode()
    {
        // Equal values: the output is the value times the kept share of the weights.
        using var attention = new Attention(4, 1, dropout: 0.4, bias: false).to(ScalarType.Float64);
        using (no_grad())
        {
            attention.value.weight.copy_(eye(4));
            attention.output.weight.copy_(eye(4));
        }

        using var input = ones(40, 50, 4, ScalarType.Float64);
        var values = attention.call(input).Values();
        Assert.InRange(values.Average(), 0.99, 1.01);
        Assert.True(values.Max() > 1.1);
        attention.eval();
        Assert.All(attention.call(input).Values(), value => Assert.Equal(1, value, 1e-12));
    }

    [Fact]
    public void Sizes_that_do_not_divide_are_refused_with_the_numbers()
    {
        Assert.Contains("10", Assert.Throws<ArgumentException>(() => new Attention(10, 4)).Message);
        var shared = Assert.Throws<ArgumentException>(() => new Attention(16, 8, keyValueHeads: 3));
        Assert.Contains("8", shared.Message);
        Assert.Contains("3", shared.Message);
        Assert.Contains("odd size 3", Assert.Throws<ArgumentException>(() => new Attention(12, 4, rotary: true)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Attention(8, 2, rotary: true, rotaryBase: 0));
    }

    [Fact]
    public void Another_shape_is_refused_with_both()
    {
        using var attention = new Attention(8, 2);
        var error = Assert.Throws<ArgumentException>(() => attention.call(zeros(2, 3, 7)));
        Assert.Contains("[N, T, 8]", error.Message);
        Assert.Contains("[2, 3, 7]", error.Message);
        Assert.Throws<ArgumentException>(() => attention.call(zeros(8)));
        Assert.Throws<ArgumentException>(() => attention.call(zeros(1, 2, 3, 8)));
    }
}
