using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Techniques;

public class RDropTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(5, 1)]
    [InlineData(7, 13)]
    public void The_loss_is_the_reference(int samples, int classes)
    {
        using var scope = NewDisposeScope();
        var (first, second) = (randn(samples, classes) * 3, randn(samples, classes) * 3);

        using var loss = RDrop.Loss(first, second, weight: 0.7);

        Assert.Empty(loss.shape);
        Assert.Equal(0.7 * Divergence(Networks.Values(first), Networks.Values(second), classes), loss.ToDouble(), 1e-5);
    }

    [Fact]
    public void Places_of_an_image_and_of_a_text_count_as_samples_do()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (randn(6, 5), randn(6, 5));
        var expected = RDrop.Loss(first, second, 1).ToDouble();

        Assert.Equal(expected, RDrop.Loss(first.view(2, 3, 5), second.view(2, 3, 5), 1, classAxis: -1).ToDouble(), 1e-5);
        Assert.Equal(expected, RDrop.Loss(first.view(2, 3, 5).transpose(1, 2), second.view(2, 3, 5).transpose(1, 2), 1).ToDouble(), 1e-5);
    }

    [Fact]
    public void Gradients_flow_into_both_passes_as_finite_differences_say()
    {
        using var scope = NewDisposeScope();
        const int classes = 4;
        Tensor[] logits = [randn(3, classes, ScalarType.Float64, requires_grad: true), randn(3, classes, ScalarType.Float64, requires_grad: true)];
        RDrop.Loss(logits[0], logits[1], 2).backward();

        for (var pass = 0; pass < 2; pass++)
        {
            var gradient = Networks.Values(logits[pass].grad!);
            for (var index = 0; index < gradient.Length; index++)
            {
                Assert.Equal((At(pass, index, 1e-5) - At(pass, index, -1e-5)) / 2e-5, gradient[index], 1e-8);
            }
        }

        double At(int pass, int index, double move)
        {
            double[][] values = [Networks.Values(logits[0]), Networks.Values(logits[1])];
            values[pass][index] += move;
            return 2 * Divergence(values[0], values[1], classes);
        }
    }

    [Fact]
    public void Equal_passes_cost_nothing_and_large_logits_do_not_overflow()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[,] { { 1e4f, -1e4f, 0 } });

        Assert.Equal(0, RDrop.Loss(logits, logits, 1).ToDouble());
        Assert.Equal(2e4, RDrop.Loss(logits, -logits, 1).ToDouble(), 1e-2);
    }

    [Fact]
    public void Half_precision_is_computed_in_float32()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (randn(4, 3).to(ScalarType.BFloat16), randn(4, 3).to(ScalarType.BFloat16));

        var loss = RDrop.Loss(first, second, 1);

        Assert.Equal(ScalarType.Float32, loss.dtype);
        Assert.Equal(Divergence(Networks.Values(first), Networks.Values(second), 3), loss.ToDouble(), 1e-5);
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        using var scope = NewDisposeScope();
        var logits = zeros(2, 3);

        Assert.Throws<ArgumentException>(() => RDrop.Loss(logits, zeros(2, 4), 1));
        Assert.Throws<ArgumentException>(() => RDrop.Loss(logits, zeros(2, 3, ScalarType.Float64), 1));
        Assert.Throws<ArgumentException>(() => RDrop.Loss(logits, logits, 1, classAxis: 2));
        Assert.Throws<ArgumentException>(() => RDrop.Loss(zeros(3), zeros(3), 1, classAxis: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RDrop.Loss(logits, logits, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RDrop.Loss(logits, logits, double.NaN));
    }

    [Fact]
    public void Memory_is_flat()
    {
        using var first = randn(4, 3, requires_grad: true);
        using var second = randn(4, 3, requires_grad: true);

        Memory.AssertFlat(() => RDrop.Loss(first, second, 1).Dispose());
    }

    /// <summary>The mean over the rows of <c>½ · (KL(p‖q) + KL(q‖p))</c>.</summary>
    private static double Divergence(double[] first, double[] second, int classes) =>
        first.Chunk(classes).Zip(second.Chunk(classes), (x, y) =>
        {
            var (p, q) = (Softmax(x), Softmax(y));
            return (Divergence(p, q) + Divergence(q, p)) / 2;
        }).Average();

    private static double Divergence(double[] p, double[] q) => p.Zip(q, (a, b) => a * Math.Log(a / b)).Sum();

    private static double[] Softmax(double[] logits)
    {
        var sum = logits.Sum(Math.Exp);
        return [.. logits.Select(logit => Math.Exp(logit) / sum)];
    }
}
