using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Tests.Passes;

public class FusionTests
{
    [Theory]
    // Images: what the block declares, and what is fused of it.
    [InlineData("Conv2d(4, Kernel = 3), Norm(Batch), Activation(ReLU)", "BatchNorm 0..2 BatchNorm2d + ReLU <- Conv2d")]
    [InlineData("Conv2d(4, Kernel = 3), Norm(Batch)", "BatchNorm 0..1 BatchNorm2d <- Conv2d")]
    [InlineData("Conv2d(4, Kernel = 3), Norm(Batch), Activation(ReLU), SpatialDropout(0.1)", "BatchNorm 0..3 BatchNorm2d + ReLU + Dropout2d <- Conv2d")]
    [InlineData("Conv2d(4, Kernel = 3), Norm(Batch), Dropout(0.1)", "BatchNorm 0..2 BatchNorm2d + Dropout <- Conv2d")]
    [InlineData("ConvTranspose2d(4, Kernel = 3), Norm(Batch)", "BatchNorm 0..1 BatchNorm2d <- ConvTranspose2d")]
    [InlineData("Norm(Batch), Activation(ReLU), Conv2d(4, Kernel = 3)", "BatchNorm 0..1 BatchNorm2d + ReLU")]
    [InlineData("Conv2d(4, Kernel = 3), MaxPool2d(2), Norm(Batch)", "BatchNorm 2..2 BatchNorm2d")]
    [InlineData(
        "Conv2d(4, Kernel = 3), Norm(Batch), Activation(ReLU), Conv2d(3, Kernel = 1), Norm(Batch)",
        "BatchNorm 0..2 BatchNorm2d + ReLU <- Conv2d; BatchNorm 3..4 BatchNorm2d <- Conv2d")]
    [InlineData("WeightNorm, Conv2d(4, Kernel = 3), Norm(Batch)", "BatchNorm 1..1 BatchNorm2d")]
    [InlineData("Conv2d(4, Kernel = 3), Activation(ReLU), Norm(Batch)", "BatchNorm 2..2 BatchNorm2d")]
    [InlineData("Conv2d(4, Kernel = 3), Activation(ReLU)", "")]
    [InlineData("Conv2d(4, Kernel = 3), Activation(ReLU), SpatialDropout(0.1)", "")]
    [InlineData("Conv2d(4, Kernel = 3), Activation(ReLU), Dropout(0.1)", "Activation 1..2 ReLU + Dropout")]
    [InlineData("Conv2d(4, Kernel = 3), Norm(Batch), Activation(PReLU), Dropout(0.1)", "BatchNorm 0..1 BatchNorm2d <- Conv2d; Dropout 3..3 Dropout")]
    [InlineData("Conv2d(4, Kernel = 3), Norm(Batch), Activation(GLU)", "BatchNorm 0..1 BatchNorm2d <- Conv2d")]
    [InlineData("Conv2d(4, Kernel = 3), Norm(Group, Groups = 2), Activation(ReLU)", "")]
    [InlineData("Conv2d(4, Kernel = 3), Norm(Instance), Activation(ReLU), AlphaDropout(0.1)", "")]
    // Features.
    [InlineData("Flatten, Linear(4), Norm(Batch), Activation(ReLU)", "BatchNorm 1..3 BatchNorm1d + ReLU <- Linear")]
    [InlineData("Flatten, Linear(4), Norm(RMS), Activation(SiLU), Dropout(0.1)", "RMSNorm 2..4 RMSNorm + SiLU + Dropout")]
    [InlineData("Flatten, Linear(4), Norm(RMS), Dropout(0.1)", "RMSNorm 2..3 RMSNorm + Dropout")]
    [InlineData("Flatten, Norm(RMS), Linear(4)", "Module 1..1 RMSNorm")]
    [InlineData("Flatten, Norm(Layer), Linear(4)", "")]
    [InlineData("Flatten, Linear(4), Norm(Layer), Activation(GELU)", "LayerNorm 2..3 LayerNorm + GELU")]
    [InlineData("Flatten, Linear(4), Dropout(0.1), Activation(GELU)", "Dropout 2..2 Dropout")]
    [InlineData("Flatten, FeedForward(8, Dropout = 0.1)", "Module 1..1 FeedForward")]
    [InlineData("Flatten, FeedForward(8), Dropout(0.1)", "Dropout 2..2 Dropout")]
    [InlineData("Flatten, SwiGlu(8)", "Module 1..1 SwiGlu")]
    [InlineData("Residual, Conv2d(3, Kernel = 1), DropPath(0.1)", "DropPath 1..1 DropPath + sum")]
    [InlineData("Residual, DropPath(0.1), Conv2d(3, Kernel = 1)", "")]
    [InlineData("Conv2d(3, Kernel = 1), DropPath(0.1)", "")]
    public void Norm_activation_and_dropout_are_one_step(string block, string expected) => Assert.Equal(expected, Text(Block(block)));

    [Fact]
    public void A_batch_norm_over_another_axis_than_the_features_is_not_folded()
    {
        var block = Declarations.Graph("[Model, Input(5, 6)] partial class M { [Linear(4), Norm(Batch)] private partial Tensor Body(Tensor x); }").Blocks[0];

        Assert.Equal("BatchNorm 1..1 BatchNorm1d", Text(block));
    }

    [Fact]
    public void Every_layer_that_computes_is_fused_or_says_why_not()
    {
        var block = Block(
            "GaussianNoise(0.1), Conv2d(4, Kernel = 3), Norm(Batch), Activation(PReLU), Activation(RReLU), MaxPool2d(2), Norm(Group, Groups = 2), Flatten, "
                + "Linear(3)");

        Assert.Equal(
            [
                "GaussianNoise: no kernel", "Conv2d: libtorch's own is as fast", "PReLU: it learns its slope", "RReLU: it draws its slopes",
                "MaxPool2d: libtorch's own is as fast",
                "GroupNorm: no kernel", "Linear: libtorch's own is as fast",
            ],
            block.Fusion.Rest.Select(layer => $"{layer.Kind}: {layer.Reason}"));
    }

    [Fact]
    public void A_reason_is_found_by_the_place_of_its_layer()
    {
        var block = Block("Conv2d(4, Kernel = 3), Norm(Batch), Activation(ReLU), MaxPool2d(2), Flatten, Norm(Layer)");

        Assert.Equal(
            (string?[])["libtorch's own is as fast", null, null, "libtorch's own is as fast", null, "libtorch's own is as fast"],
            Enumerable.Range(0, 6).Select(block.Fusion.ReasonAt));
    }

    [Fact]
    public void A_model_can_opt_out()
    {
        var block = Block("Conv2d(4, Kernel = 3), Norm(Batch), Activation(ReLU)", "Model(Fuse = false)");

        Assert.Empty(block.Fusion.Steps);
        Assert.All(Enumerable.Range(0, 3), layer => Assert.Equal("[Model(Fuse = false)]", block.Fusion.ReasonAt(layer)));
    }

    [Fact]
    public void The_plan_says_what_a_norm_and_a_dropout_are_fused_with()
    {
        var graph = Declarations.Graph("""
            [Model, Input(3, 8, 8)]
            partial class M
            {
                [Conv2d(4, Kernel = 3), Norm(Batch), Activation(ReLU), SpatialDropout(0.1), Norm(Group, Groups = 2)] private partial Tensor Body(Tensor x);
            }
            """);

        Assert.Equal(
            ["body.norm1: BatchNorm2d + ReLU + Dropout2d", "body.dropout: BatchNorm2d + ReLU + Dropout2d", "body.norm2: "],
            graph.Plan.Select(entry => $"{entry.Where}: {entry.Fused}"));
    }

    private static Block Block(string attributes, string model = "Model") =>
        Declarations.Graph($"[{model}, Input(3, 8, 8)] partial class M {{ [{attributes}] private partial Tensor Body(Tensor x); }}").Blocks[0];

    private static string Text(Block block) => string.Join("; ", block.Fusion.Steps.Select(step =>
        $"{step.Kernel} {step.First}..{step.First + step.Count - 1} {step.Text}{(step.FoldedInto.Length > 0 ? $" <- {step.FoldedInto}" : "")}"));
}
