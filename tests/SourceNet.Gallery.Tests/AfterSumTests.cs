using TorchSharp;
using static SourceNet.ActivationKind;
using static SourceNet.NormKind;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace SourceNet.Gallery;

/// <summary>A layer of BERT: norms after the sums.</summary>
[Model, Input("T", 8)]
public sealed partial class PostNormLayer(double dropPath = 0)
{
    [Residual, Attention(2), DropPath(nameof(dropPath)), Sum, Norm(Layer, Eps = 1e-12)]
    private partial Tensor Attend(Tensor x);

    [Residual, FeedForward(16), Sum, Norm(RMS), Activation(GELU)]
    private partial Tensor Mix(Tensor x);
}

/// <summary>The same without kernels.</summary>
[Model(Fuse = false), Input("T", 8)]
public sealed partial class PostNormLayerApart
{
    [Residual, Attention(2), Sum, Norm(Layer, Eps = 1e-12)]
    private partial Tensor Attend(Tensor x);

    [Residual, FeedForward(16), Sum, Norm(RMS), Activation(GELU)]
    private partial Tensor Mix(Tensor x);
}

/// <summary>Blocks of ResNet, whose sum an activation follows; one with a batch norm behind the sum, and one of nothing but a sum.</summary>
[Model, Input(4, 6, 6)]
public sealed partial class ResNetBlocks
{
    [Residual, Conv2d(4, Kernel = 3, Padding = 1), Norm(Batch), Activation(ReLU), Conv2d(4, Kernel = 3, Padding = 1), Norm(Batch), Sum, Activation(ReLU)]
    private partial Tensor Basic(Tensor x);

    [Residual, Conv2d(4, Kernel = 1), Sum, Norm(Batch), Activation(ReLU), Conv2d(6, Kernel = 1)]
    private partial Tensor Wide(Tensor x);

    [Residual, Sum, Activation(Tanh), GlobalAveragePool, Linear(3), Output]
    private partial Tensor Logits(Tensor x);

    /// <summary>The three of them.</summary>
    internal (Tensor Basic, Tensor Wide, Tensor Logits) Each(Tensor x)
    {
        var basic = Basic(x);
        var wide = Wide(basic);
        return (basic, wide, Logits(wide));
    }
}

/// <summary>What follows the sum of a residual works on the sum, in one pass with it or by itself.</summary>
public class AfterSumTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Blocks_of_a_ResNet_compute_what_is_written_by_hand(bool isTraining)
    {
        manual_seed(3);
        using var scope = NewDisposeScope();
        using var model = new ResNetBlocks();
        model.train(isTraining);
        var state = model.state_dict();
        var x = randn([5, 4, 6, 6], requires_grad: true);

        var (basic, wide, logits) = model.Each(x);

        // Batch norm: by its formula, with the statistics of the batch or the running ones that a new model has.
        Tensor Norm(Tensor y, string name)
        {
            var mean = isTraining ? y.mean([0, 2, 3], keepdim: true) : zeros(1, 4, 1, 1);
            var variance = isTraining ? (y - mean).pow(2).mean([0, 2, 3], keepdim: true) : ones(1, 4, 1, 1);
            return (y - mean) / (variance + 1e-5).sqrt() * state[$"{name}.weight"].view(1, -1, 1, 1) + state[$"{name}.bias"].view(1, -1, 1, 1);
        }

        var body = F.relu(Norm(F.conv2d(x, state["basic.conv1.weight"], padding: [1, 1]), "basic.norm1"));
        var expectedBasic = F.relu(x + Norm(F.conv2d(body, state["basic.conv2.weight"], padding: [1, 1]), "basic.norm2"));
        var sum = basic + F.conv2d(basic, state["wide.conv1.weight"], state["wide.conv1.bias"]);
        var expectedWide = F.conv2d(F.relu(Norm(sum, "wide.norm")), state["wide.conv2.weight"], state["wide.conv2.bias"]);
        var expectedLogits = F.linear((wide + wide).tanh().mean([2, 3]), state["logits.linear.weight"], state["logits.linear.bias"]);

        Assert.True(basic.allclose(expectedBasic, atol: 1e-5));
        Assert.True(wide.allclose(expectedWide, atol: 1e-5));
        Assert.True(logits.allclose(expectedLogits, atol: 1e-5));
        Assert.True(autograd.grad([basic.pow(2).sum()], [x], retain_graph: true)[0].allclose(
            autograd.grad([expectedBasic.pow(2).sum()], [x])[0], rtol: 1e-4, atol: 1e-4));
    }

    [Fact]
    public void Norms_after_the_sum_are_the_same_with_and_without_kernels()
    {
        manual_seed(4);
        using var scope = NewDisposeScope();
        using var fused = new PostNormLayer();
        using var apart = new PostNormLayerApart();
        apart.load_state_dict(fused.state_dict());
        var x = randn([3, 5, 8], requires_grad: true);

        var (one, other) = (fused.call(x), apart.call(x));

        Assert.True(one.allclose(other, atol: 1e-5));
        Assert.True(autograd.grad([one.pow(2).sum()], [x])[0].allclose(autograd.grad([other.pow(2).sum()], [x])[0], rtol: 1e-4, atol: 1e-4));
        Assert.Contains(fused.Summary().ToString().Split('\n'), line => line.Contains("sum + LayerNorm", StringComparison.Ordinal));
        Assert.Contains(fused.Summary().ToString().Split('\n'), line => line.Contains("sum + RMSNorm + GELU", StringComparison.Ordinal));
    }

    [Fact]
    public void A_drop_path_skips_the_body_before_the_norm()
    {
        manual_seed(5);
        using var scope = NewDisposeScope();
        using var model = new PostNormLayer(dropPath: 0.999999);
        using var never = new PostNormLayer();
        never.load_state_dict(model.state_dict());
        var x = randn(3, 5, 8);

        // With next to no chance of a body, the first block is the norm of its input.
        var output = model.call(x);
        var normalized = F.layer_norm(x, [8], eps: 1e-12);
        Assert.False(output.allclose(never.call(x), atol: 1e-3));
        Assert.True(model.After(normalized).allclose(output, atol: 1e-5));
    }
}

public sealed partial class PostNormLayer
{
    /// <summary>What the second block makes.</summary>
    internal Tensor After(Tensor x) => Mix(x);
}
