using TorchSharp;
using static SourceNet.ActivationKind;
using static SourceNet.InitKind;
using static SourceNet.NormKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>A GPT-2 of small sizes, with the start that its paper gives it.</summary>
[Model, Input("T", nameof(dim)), Init(Normal, 0.02, Last = "0.02 / sqrt(2 * layers)")]
public sealed partial class InitializedBlock(int dim, int layers)
{
    [Residual, Norm(Layer), Attention(4, Causal = true)]
    private partial Tensor Attend(Tensor x);

    [Residual, Norm(Layer), FeedForward("4 * dim")]
    private partial Tensor Mix(Tensor x);
}

[Model, Input("T", DType = ScalarType.Int64)]
public sealed partial class InitializedGpt(int vocabulary = 1000, int dim = 128, int layers = 8)
{
    [Embedding(nameof(vocabulary), nameof(dim), PaddingIndex = 0), PositionEmbedding(32, Init = Zeros)]
    private partial Tensor Embed(Tensor tokens);

    [Stack<InitializedBlock>("dim, layers", Repeat = nameof(layers))]
    private partial Tensor Blocks(Tensor x);

    [Norm(Layer), Linear(nameof(vocabulary), TiedTo = nameof(Embed), Bias = false), Output]
    private partial Tensor Logits(Tensor x);
}

[Model, Input(3, 16, 16), Init(KaimingNormal, Mode = FanMode.Out)]
public sealed partial class InitializedCnn
{
    [Conv2d(64, Kernel = 7, Padding = 3, Bias = true), Norm(Batch), Activation(ReLU)]
    private partial Tensor Stem(Tensor x);

    [Residual, Conv2d(64, Kernel = 3, Padding = 1), Norm(Batch), Activation(ReLU), Conv2d(64, Kernel = 3, Padding = 1), Norm(Batch, Init = Zeros)]
    private partial Tensor Body(Tensor x);

    [GlobalAveragePool, Linear(10), Init(Default), Output]
    private partial Tensor Logits(Tensor x);
}

public class InitializationTests
{
    [Fact]
    public void A_tied_language_model_starts_near_the_loss_of_guessing()
    {
        manual_seed(1);
        using var model = new InitializedGpt();
        using var evaluation = model.EvalScope();
        using var noGradient = no_grad();
        using var tokens = randint(1, 1000, [8, 32], dtype: ScalarType.Int64);
        using var targets = randint(1, 1000, [8, 32], dtype: ScalarType.Int64);
        using var logits = model.call(tokens);
        using var loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten());

        Assert.Equal(Math.Log(1000), loss.ToDouble(), 0.3);
    }

    [Fact]
    public void Weights_have_the_spread_that_is_declared_and_the_last_of_a_block_its_own()
    {
        manual_seed(2);
        using var model = new InitializedGpt();
        var state = model.state_dict();

        foreach (var name in new[] { "attend.attention.query", "attend.attention.key", "attend.attention.value", "mix.feed_forward.up" })
        {
            Assert.Equal(0.02, Deviation(state[$"blocks.3.{name}.weight"]), 0.001);
            Assert.Equal(0, state[$"blocks.3.{name}.bias"].abs().max().ToDouble());
        }

        foreach (var name in new[] { "attend.attention.output", "mix.feed_forward.down" })
        {
            Assert.Equal(0.02 / Math.Sqrt(16), Deviation(state[$"blocks.3.{name}.weight"]), 0.0003);
        }

        Assert.Equal(0.02, Deviation(state["embed.embedding.weight"]), 0.001);
        Assert.Equal(0, state["embed.embedding.weight"][0].abs().max().ToDouble());
        Assert.Equal(0, state["embed.position_embedding.weight"].abs().max().ToDouble());
        Assert.Equal(1, state["blocks.3.attend.norm.weight"].min().ToDouble());
    }

    [Fact]
    public void A_block_or_layer_says_it_against_its_class()
    {
        manual_seed(3);
        using var model = new InitializedCnn();
        var state = model.state_dict();

        Assert.Equal(Math.Sqrt(2.0 / (64 * 49)), Deviation(state["stem.conv.weight"]), 0.002);
        Assert.Equal(0, state["stem.conv.bias"].abs().max().ToDouble());
        Assert.Equal(Math.Sqrt(2.0 / (64 * 9)), Deviation(state["body.conv2.weight"]), 0.002);
        Assert.Equal(1, state["body.norm1.weight"].min().ToDouble());
        Assert.Equal(0, state["body.norm2.weight"].abs().max().ToDouble());
        // TorchSharp's own: uniform up to 1 / √64, and the bias too.
        Assert.InRange(state["logits.linear.weight"].abs().max().ToDouble(), 0.1, 0.125);
        Assert.NotEqual(0, state["logits.linear.bias"].abs().max().ToDouble());
    }

    [Fact]
    public void The_last_norm_at_0_makes_a_residual_block_the_identity()
    {
        using var model = new InitializedCnn();
        using var evaluation = model.EvalScope();
        using var input = randn(2, 3, 16, 16);
        using var output = model.call(input);
        using var features = model.Features(input);
        using var pooled = features.mean([2, 3]);
        using var expected = nn.functional.linear(pooled, model.state_dict()["logits.linear.weight"], model.state_dict()["logits.linear.bias"]);
        Assert.True(output.allclose(expected, atol: 1e-5));
    }

    private static double Deviation(Tensor weight) => weight.detach().std().ToDouble();
}

public sealed partial class InitializedCnn
{
    /// <summary>What the first block gives.</summary>
    internal Tensor Features(Tensor x) => Stem(x);
}
