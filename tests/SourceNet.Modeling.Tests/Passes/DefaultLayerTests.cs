using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Modeling.Tests.Passes;

public class DefaultLayerTests
{
    private const string Defaults = "Norm(Batch), Activation(ReLU), Dropout(0.3)";

    [Theory]
    // What the block says itself, and the layers that it has: c conv, n norm, a activation, d dropout, p pool, l linear.
    [InlineData("Conv2d(4, Kernel = 3)", "c N A D")]
    [InlineData("Conv2d(4, Kernel = 3), Norm(Batch)", "c n A D")]
    [InlineData("Conv2d(4, Kernel = 3), Activation(GELU)", "c N a D")]
    [InlineData("Conv2d(4, Kernel = 3), Dropout(0.1)", "c N A d")]
    [InlineData("Conv2d(4, Kernel = 3), Norm(Batch), Activation(GELU)", "c n a D")]
    [InlineData("Conv2d(4, Kernel = 3), Norm(Batch), Dropout(0.1)", "c n A d")]
    [InlineData("Conv2d(4, Kernel = 3), Activation(GELU), Dropout(0.1)", "c N a d")]
    [InlineData("Conv2d(4, Kernel = 3), Norm(Batch), Activation(GELU), Dropout(0.1)", "c n a d")]
    [InlineData("Conv2d(4, Kernel = 3), MaxPool2d(2)", "c N A D p")]
    [InlineData("Conv2d(4, Kernel = 3), MaxPool2d(2), Activation(GELU)", "c N p a D")]
    [InlineData("Norm(Batch), Activation(GELU), Conv2d(4, Kernel = 3)", "n a c D")]
    [InlineData("Dropout(0.1), Conv2d(4, Kernel = 3)", "d c N A")]
    [InlineData("Conv2d(4, Kernel = 3), Conv2d(4, Kernel = 3)", "c c N A D")]
    [InlineData("MaxPool2d(2)", "p")]
    [InlineData("Flatten, Dropout(0.1)", "f d")]
    [InlineData("Conv2d(4, Kernel = 3), Norm(NormKind.None)", "c A D")]
    [InlineData("Conv2d(4, Kernel = 3), Activation(ActivationKind.None)", "c N D")]
    [InlineData("Conv2d(4, Kernel = 3), Dropout(0)", "c N A")]
    [InlineData("Conv2d(4, Kernel = 3), Dropout(0), Norm(NormKind.None), Activation(ActivationKind.None)", "c")]
    [InlineData("Conv2d(4, Kernel = 3), SpatialDropout(0.0)", "c N A")]
    [InlineData("Output, Conv2d(4, Kernel = 3)", "c")]
    [InlineData("Output, Conv2d(4, Kernel = 3), Activation(GELU)", "c a")]
    public void Tail_follows_the_last_weighted_layer_unless_the_block_says_otherwise(string block, string expected) =>
        Assert.Equal(expected, Letters(Layers(Defaults, block)));

    [Theory]
    [InlineData("SpatialDropout(0.3)", "Conv2d(4, Kernel = 3)", "c D")]
    [InlineData("SpatialDropout(0.3)", "Flatten, Linear(4)", "f l")]
    [InlineData("DropBlock(0.3)", "Flatten, Linear(4)", "f l")]
    [InlineData("AlphaDropout(0.3)", "Flatten, Linear(4)", "f l D")]
    [InlineData("SpatialDropout(0.3)", "Conv2d(4, Kernel = 3), Dropout(0)", "c")]
    [InlineData("Dropout(0)", "Conv2d(4, Kernel = 3)", "c")]
    [InlineData("Norm(NormKind.None)", "Conv2d(4, Kernel = 3)", "c")]
    [InlineData("DropPath(0.3)", "Conv2d(4, Kernel = 3)", "c")]
    [InlineData("DropPath(0.3), Activation(ReLU)", "Residual, Conv2d(3, Kernel = 3, Padding = 1)", "c A P")]
    [InlineData("DropPath(0.3)", "Residual, Conv2d(3, Kernel = 3, Padding = 1), DropPath(0.1)", "c p")]
    [InlineData("DropPath(0.3)", "Residual, Conv2d(3, Kernel = 3, Padding = 1), DropPath(0)", "c")]
    [InlineData("DropPath(0.3)", "Residual, Output, Conv2d(3, Kernel = 3, Padding = 1)", "c")]
    public void Defaults_of_a_kind_go_where_they_have_a_meaning(string defaults, string block, string expected) =>
        Assert.Equal(expected, Letters(Layers(defaults, block)).Replace("DropPath", "p"));

    [Fact]
    public void Default_layers_keep_where_they_come_from()
    {
        var layers = Layers(Defaults, "Conv2d(4, Kernel = 3), Norm(Batch)");

        Assert.Equal(
            [Modeling.Provenance.Explicit, Modeling.Provenance.Explicit, Modeling.Provenance.Default, Modeling.Provenance.Default],
            layers.Select(placed => placed.Layer.Provenance));
        Assert.Equal([OriginKind.Block, OriginKind.Block, OriginKind.Class, OriginKind.Class], layers.Select(placed => placed.Layer.Origin.Kind));
    }

    [Fact]
    public void A_default_that_touches_the_last_block_asks_for_an_output()
    {
        var problem = Assert.Single(Graph(Defaults, "Conv2d(4, Kernel = 3)").Problems);

        Assert.Equal("SN6016", problem.Id);
        Assert.False(problem.IsError);
        Assert.DoesNotContain(Graph(Defaults, "Output, Conv2d(4, Kernel = 3)").Problems, other => other.Id == "SN6016");
        Assert.DoesNotContain(Graph(Defaults, "Flatten").Problems, other => other.Id == "SN6016");
    }

    [Theory]
    [InlineData("Conv2d(4, Kernel = 3), Norm(Batch)", false)]
    [InlineData("Conv2d(4, Kernel = 3), Norm(Instance)", false)]
    [InlineData("Conv2d(4, Kernel = 3), Norm(Group, Groups = 2)", true)]
    [InlineData("Conv2d(4, Kernel = 3), Norm(Layer)", true)]
    [InlineData("Conv2d(4, Kernel = 3), Activation(ReLU), Norm(Batch)", true)]
    [InlineData("Conv2d(4, Kernel = 3, Bias = true), Norm(Batch)", true)]
    [InlineData("Conv2d(4, Kernel = 3, Bias = false)", false)]
    [InlineData("ConvTranspose2d(4, Kernel = 3), Norm(Batch)", false)]
    [InlineData("Conv2d(4, Kernel = 3)", true)]
    public void A_bias_that_the_next_norm_removes_is_not_created(string block, bool hasBias) =>
        Assert.Equal(hasBias, Graph("Objective(ObjectiveKind.Huber)", "Output, " + block).Blocks[0].Layers[0].HasBias);

    [Fact]
    public void A_default_norm_removes_the_bias_as_well() => Assert.False(Layers("Norm(Batch)", "Conv2d(4, Kernel = 3)")[0].HasBias);

    [Fact]
    public void A_block_that_a_default_does_not_fit_cannot_be_written()
    {
        var graph = Declarations.Block("Flatten, Linear(7)", "[Input(3, 2, 2), Activation(GLU)]");

        var problem = Assert.Single(graph.Problems, problem => problem.IsError);
        Assert.Equal(OriginKind.Class, problem.Origin.Kind);
        Assert.Equal(problem.Message, graph.Blocks[0].Obstacle);
    }

    [Fact]
    public void Two_dropouts_on_a_class_contradict_each_other() =>
        Assert.Equal("SN6019", Assert.Single(Graph("Dropout(0.1), SpatialDropout(0.2)", "Output, Flatten").Problems, problem => problem.IsError).Id);

    private static EquatableArray<PlacedLayer> Layers(string defaults, string block) => Graph(defaults, block).Blocks[0].Layers;

    private static LayerGraph Graph(string defaults, string block) => Declarations.Block(block, $"[Input(3, 9, 9), {defaults}]");

    /// <summary>A letter a layer; large if it is the class's.</summary>
    private static string Letters(IEnumerable<PlacedLayer> layers) => string.Join(" ", layers.Select(placed =>
    {
        var letter = placed.Layer switch
        {
            ConvolutionLayer => "c",
            NormLayer => "n",
            ActivationLayer => "a",
            DropoutLayer => "d",
            DropPathLayer => "p",
            PoolLayer => "p",
            FlattenLayer => "f",
            LinearLayer => "l",
            var layer => layer.Role,
        };
        return placed.Layer.Provenance == Modeling.Provenance.Default ? letter.ToUpperInvariant() : letter;
    }));
}
