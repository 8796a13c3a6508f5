using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Modeling.Tests.Passes;

public class TieTests
{
    [Fact]
    public void A_layer_takes_the_weight_of_an_embedding()
    {
        var graph = Graph("Embedding(10, 4)", "Linear(10, TiedTo = \"Embed\")");

        Assert.Empty(graph.Problems);
        Assert.Equal(new TiedWeight("Embed", "embedding", "embed.embedding", IsEmbedding: true), graph.Blocks[2].Layers[0].Tie);
        Assert.DoesNotContain(graph.Groups.SelectMany(group => group.Parameters), parameter => parameter is { Block: "Logits", Member: "weight" });
        Assert.Contains(graph.Groups.SelectMany(group => group.Parameters), parameter => parameter is { Block: "Logits", Member: "bias" });
    }

    [Fact]
    public void A_layer_takes_the_weight_of_a_linear_layer()
    {
        var graph = Graph("Embedding(10, 4), Dropout(0.1)", "Linear(4, Name = \"first\"), Linear(4, TiedTo = \"Body\")", "Linear(4)");

        Assert.Empty(graph.Problems);
        Assert.Equal(new TiedWeight("Body", "linear", "body.linear", IsEmbedding: false), graph.Blocks[2].Layers[1].Tie);
    }

    [Theory]
    [InlineData("Embedding(10, 4)", "Linear(10, TiedTo = \"Nothing\")", "SN6015", "names no block before this one")]
    [InlineData("Embedding(10, 4)", "Linear(10, TiedTo = \"Logits\")", "SN6015", "names no block before this one")]
    [InlineData(
        "Embedding(10, 4)",
        "Linear(11, TiedTo = \"Embed\")",
        "SN6015",
        "needs a weight of [11, 4], but the weight of 'Embed' that it is tied to is [10, 4]")]
    [InlineData("Embedding(10, 4)", "Linear(\"n\", TiedTo = \"Embed\")", "SN6015", "needs a weight of [n, 4]")]
    [InlineData("Embedding(10, 0)", "Linear(10, TiedTo = \"Embed\")", "SN6007", "at least 1, found 0")]
    [InlineData("Embedding(10, nothing)", "Linear(10, TiedTo = \"Embed\")", "SN6015", "names no block before this one")]
    public void What_cannot_be_tied_is_said_once(string embed, string logits, string id, string message)
    {
        var problem = Assert.Single(Graph(embed, logits).Problems);

        Assert.Equal(id, problem.Id);
        Assert.Contains(message, problem.Message);
    }

    [Fact]
    public void A_block_that_is_tied_to_one_that_cannot_be_written_cannot_be_written_either()
    {
        var graph = Graph("Embedding(10, 4), Dropout(2)", "Linear(10, TiedTo = \"Embed\")");

        Assert.Single(graph.Problems);
        Assert.Equal([false, true, false], graph.Blocks.Select(block => block.Obstacle is null));
    }

    private static LayerGraph Graph(string embed, string logits, string body = "Flatten, Reshape(5, 4)") => Declarations.Graph($$"""
        [Model, Input(5, DType = ScalarType.Int64)]
        partial class M(int n = 3)
        {
            [{{embed}}] private partial Tensor Embed(Tensor x);
            [{{body}}] private partial Tensor Body(Tensor x);
            [{{logits}}, Output] private partial Tensor Logits(Tensor x);
        }
        """);
}
