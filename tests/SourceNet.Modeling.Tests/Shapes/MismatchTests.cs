using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Tests.Shapes;

/// <summary>What does not fit is said once, where it is written, and not again by what comes after it.</summary>
public class MismatchTests
{
    private const string Tail = ", Activation(ReLU), Flatten, Linear(10), Norm(Batch), Softmax";

    [Theory]
    [InlineData("[Input(3, 8, 8)]", "Conv1d(4, Kernel = 3)", "SN6010", "Conv1d expects [C, L], found [3, 8, 8]")]
    [InlineData("[Input(3, 8)]", "Conv2d(4, Kernel = 3)", "SN6010", "Conv2d expects [C, H, W], found [3, 8]")]
    [InlineData("[Input(3, 8, 8)]", "Conv2d(4, Kernel = 9)", "SN6012", "Conv2d does not fit into [3, 8, 8]")]
    [InlineData("[Input(3, 8, 8)]", "Conv2d(4, Kernel = 3, Groups = 2)", "SN6012", "3 is not divisible by 2")]
    [InlineData("[Input(4, 8, 8)]", "Conv2d(5, Kernel = 3, Groups = 2)", "SN6012", "5 is not divisible by 2")]
    [InlineData("[Input(3, 8, 8)]", "Conv2d(4)", "SN6018", "Conv2d needs the size of its kernel")]
    [InlineData("[Input(3, 8, 8)]", "Conv2d(0, Kernel = 3)", "SN6007", "The number of channels of Conv2d must be at least 1, found 0")]
    [InlineData("[Input(3, 8, 8)]", "Conv2d(4, Kernel = 0)", "SN6007", "Kernel of Conv2d must be at least 1, found 0")]
    [InlineData("[Input(3, 8, 8)]", "Conv2d(4, Kernel = \"4 / 8\")", "SN6007", "at least 1, found 0")]
    [InlineData("[Input(3, 8, 8)]", "Conv2d(4, Kernel = \"-3\")", "SN6007", "at least 1, found -3")]
    [InlineData("[Input(3, 8, 8)]", "Conv2d(4, Kernel = 1.5)", "SN6007", "must be a whole number, found 1.5")]
    [InlineData("[Input(3, 8, 8)]", "Conv2d(4, Kernel = new[] { 3, 3, 3 })", "SN6008", "must be one number or 2, found 3")]
    [InlineData("[Input(3, 8, 8)]", "Conv2d(4, Kernel = \"3, 3, 3\")", "SN6008", "must be one number or 2, found 3")]
    [InlineData("[Input(3, 8, 8)]", "Conv2d(4, Kernel = \"3,\")", "SN6005", "found the end")]
    [InlineData("[Input(3, 8, 8)]", "Conv2d(4, Kernel = 2, Padding = \"same\")", "SN6008", "odd where Padding is \"same\"")]
    [InlineData("[Input(3, 8, 8)]", "Conv2d(4, Kernel = \"n\", Padding = \"same\")", "SN6008", "odd where Padding is \"same\"")]
    [InlineData("[Input(3, 8, 8)]", "Conv2d(4, Kernel = 3, Stride = 2, Padding = \"same\")", "SN6008", "1 where Padding is \"same\"")]
    [InlineData("[Input(3, 8, 8)]", "Conv2d(4, Kernel = 3, Stride = 0, Padding = \"same\")", "SN6007", "Stride of Conv2d must be at least 1")]
    [InlineData("[Input(3, 8, 8)]", "ConvTranspose2d(4, Kernel = 3, Padding = \"same\")", "SN6008", "not transposed")]
    [InlineData("[Input(3, 8, 8)]", "ConvTranspose2d(4, Kernel = 3, Stride = 2, OutputPadding = 2)", "SN6008", "below its stride or dilation, 2, found 2")]
    [InlineData("[Input(3, 1, 1)]", "ConvTranspose2d(4, Kernel = 1, Padding = 1)", "SN6012", "does not fit")]
    [InlineData("[Input(3, 8, 8)]", "MaxPool2d(9)", "SN6012", "MaxPool2d does not fit into [3, 8, 8]")]
    [InlineData("[Input(3, 8, 8)]", "MaxPool2d(3, Padding = 2)", "SN6008", "at most half the window")]
    [InlineData("[Input(3, 8, 8)]", "MaxPool1d(2)", "SN6010", "[C, L], channels first")]
    [InlineData("[Input(3, 8, 8)]", "Linear(4)", "SN6010", "put [Flatten] or [GlobalAveragePool] before it")]
    [InlineData("[Input(\"T\", 8)]", "Flatten, Linear(4)", "SN6009", "Linear gets [8 * T], but 'T' is known only at run time")]
    [InlineData("[Input(3, \"T\")]", "Conv1d(4, Kernel = 3), Flatten, Linear(4)", "SN6009", "Linear gets [4 * T - 8], but 'T' is known only at run time")]
    [InlineData("[Input(\"T\", 8)]", "Linear(\"T\")", "SN6006", "'T' names no number")]
    [InlineData("[Input(3, \"T\")]", "Conv1d(4, Kernel = \"T\")", "SN6006", "'T' names no number")]
    [InlineData("[Input(\"T\", 8)]", "Reshape(\"T\", \"U\")", "SN6006", "'U' names no number")]
    [InlineData("[Input(\"T\", \"U\", 4)]", "Reshape(\"T\", \"4 * U\")", "SN6008", "known at construction, except for one, found T and 4 * U")]
    [InlineData("[Input(3, 8, 8)]", "Reshape(3, 8, 9)", "SN6012", "192 go in and 216 come out")]
    [InlineData("[Input(3, 8, 8)]", "Reshape(-1, 8)", "SN6007", "at least 1, found -1")]
    [InlineData("[Input(3, 8, 8)]", "Reshape", "SN6018", "Reshape needs at least one size")]
    [InlineData("[Input(7)]", "Activation(GLU)", "SN6012", "7 is not divisible by 2")]
    [InlineData("[Input(\"2 * n + 1\")]", "Activation(GLU)", "SN6012", "2 * n + 1 is not divisible by 2")]
    [InlineData("[Input(5, 8)]", "Linear(4), Norm(Batch)", "SN6010", "use [Norm(Layer)] or [Norm(RMS)]")]
    [InlineData("[Input(8)]", "Norm(Instance)", "SN6010", "InstanceNorm1d expects channels first, [C, L] to [C, D, H, W], found [8]")]
    [InlineData("[Input(48, 8, 8)]", "Norm(Group)", "SN6012", "48 is not divisible by 32")]
    [InlineData("[Input(3, 4, 5, 6, 7)]", "Norm(Batch)", "SN6010", "found [3, 4, 5, 6, 7]")]
    [InlineData("[Input(8)]", "Attention(2)", "SN6010", "Attention expects a sequence of features [T, dim], found [8]")]
    [InlineData("[Input(5, 8)]", "Attention(3)", "SN6012", "8 is not divisible by 3")]
    [InlineData("[Input(5, 6)]", "Attention(2, Rotary = true)", "SN6008", "even, found 6 / 2")]
    [InlineData("[Input(5, 8)]", "Attention(4, KeyValueHeads = 3)", "SN6012", "4 is not divisible by 3")]
    [InlineData("[Input(5, 8)]", "PositionEmbedding(4)", "SN6008", "at least 5, the length of [5, 8], found 4")]
    [InlineData("[Input(8)]", "GlobalAveragePool", "SN6010", "GlobalAveragePool expects")]
    [InlineData("[Input(8)]", "SpatialDropout(0.1)", "SN6010", "SpatialDropout expects feature maps")]
    [InlineData("[Input(3, 8, 8)]", "DropBlock(0.1, BlockSize = 9)", "SN6008", "at most a side of the feature map [3, 8, 8], found 9")]
    [InlineData("[Input(3, 8)]", "DropBlock(0.1, BlockSize = 1)", "SN6010", "DropBlock expects")]
    [InlineData("[Input(5, DType = ScalarType.Int64)]", "Linear(4)", "SN6010", "look them up with [Embedding] first")]
    [InlineData("[Input(5)]", "Embedding(10, 4)", "SN6010", "say [Input(..., DType = ScalarType.Int64)]")]
    [InlineData("[Input(3, 0, 8)]", "Conv2d(4, Kernel = 3)", "SN6007", "A size of Input must be at least 1, found 0")]
    [InlineData("[Input]", "Conv2d(4, Kernel = 3)", "SN6018", "Input needs the sizes of one sample")]
    [InlineData("[Input(\"3 +\", 8)]", "Linear(4)", "SN6005", "found the end")]
    [InlineData("", "Linear(4)", "SN6009", "Linear cannot make its weights")]
    [InlineData("", "Conv2d(4, Kernel = 3)", "SN6009", "Conv2d cannot make its weights")]
    [InlineData("", "Norm(Batch)", "SN6009", "BatchNorm cannot make its weights")]
    [InlineData("", "Softmax", "SN6009", "Softmax works on the channel axis")]
    [InlineData("", "Activation(GLU)", "SN6009", "GLU works on the channel axis")]
    [InlineData("", "GlobalAveragePool", "SN6009", "GlobalAveragePool works on the channel axis")]
    [InlineData("", "SpatialDropout(0.1)", "SN6009", "SpatialDropout works on the channel axis")]
    [InlineData("[Input(3, 8, 8)]", "Residual, Conv2d(4, Kernel = 3)", "SN6012", "[3, 8, 8] goes in and [4, 6, 6] comes out")]
    [InlineData("[Input(8)]", "Residual, Linear(\"n\")", "SN6012", "[8] goes in and [n] comes out")]
    public void Is_said_once(string input, string layers, string id, string message)
    {
        var isResidual = layers.StartsWith("Residual", StringComparison.Ordinal);
        var graph = Declarations.Block(isResidual ? layers : layers + Tail, input, "int n = 1");

        var problem = Assert.Single(graph.Problems, problem => problem.IsError);
        Assert.Equal(id, problem.Id);
        Assert.Contains(message, problem.Message);
        Assert.Equal(problem.Message.StartsWith("A size of Input", StringComparison.Ordinal)
            || input.Length < 9 && input.Length > 0
            || id == "SN6005" && input.Contains('+') ? OriginKind.Class : OriginKind.Block, problem.Origin.Kind);
        if (problem.Origin.Kind == OriginKind.Block)
        {
            Assert.NotNull(graph.Blocks[0].Obstacle);
        }
    }

    [Fact]
    public void Is_at_the_attribute_that_causes_it()
    {
        var graph = Declarations.Block("Flatten, Conv2d(4, Kernel = 3)");

        Assert.Equal(new Origin(OriginKind.Block, 0, 1), Assert.Single(graph.Problems).Origin);
    }

    [Fact]
    public void The_blocks_after_it_stay_quiet_too()
    {
        var graph = Declarations.Graph("""
            [Model, Input(3, 8, 8)]
            partial class M
            {
                [Conv2d(4, Kernel = 9)] private partial Tensor A(Tensor x);
                [Conv2d(4, Kernel = 3), Flatten] private partial Tensor B(Tensor x);
                [Linear(3)] private partial Tensor C(Tensor x);
            }
            """);

        Assert.Single(graph.Problems);
    }

    [Theory]
    [InlineData("[Input(3, 8, 8), Input(4)]")]
    [InlineData("[Input(3, 8, 8, nothing)]")]
    [InlineData("[Input(3, 8, 8) Output]")]
    [InlineData("[Input(3, 8, Colour = 1)]")]
    public void An_input_that_the_compiler_reports_is_not_asked_for_again(string input)
    {
        var graph = Declarations.Block("Conv2d(4, Kernel = 3), Norm(Batch), Flatten, Linear(10)", input);

        Assert.DoesNotContain(graph.Problems, problem => problem.Id is "SN6009");
    }

    [Theory]
    [InlineData("Conv2d()")]
    [InlineData("Conv2d(nothing, Kernel = 3)")]
    [InlineData("Conv2d(4, Kernel = nothing)")]
    [InlineData("Conv2d(4, Kernel = new[] { 1, nothing })")]
    [InlineData("Activation(Nothing)")]
    [InlineData("Norm()")]
    [InlineData("Stack<Nothing>()")]
    public void An_attribute_that_the_compiler_reports_is_passed_over_and_what_follows_too(string attribute)
    {
        var graph = Declarations.Block(attribute + ", Flatten, Norm(Layer), Linear(4), Norm(Batch)");

        Assert.Empty(graph.Problems);
        Assert.Equal("one of its attributes could not be read", graph.Blocks[0].Obstacle);
    }

    [Fact]
    public void Unknown_stays_unknown_and_nothing_is_reported()
    {
        var graph = Declarations.Graph("""
            [Model]
            partial class M
            {
                [Embedding(10, 4)] private partial Tensor Embed(Tensor x);
                [Activation(ReLU), Dropout(0.1), MaxPool2d(2), Flatten] private partial Tensor Plain(Tensor x);
                [Stack<Inner>] private partial Tensor Inners(Tensor x);
                [Input(4), Linear(3)] private partial Tensor Known(Tensor x);
                public override Tensor forward(Tensor input) => Known(Inners(Plain(Strange(Embed(input)))));
                private Tensor Strange(Tensor x) => x;
            }

            [Model] partial class Inner { public override Tensor forward(Tensor input) => input.sum(); }
            """);

        Assert.Empty(graph.Problems);
        Assert.All(graph.Blocks, block => Assert.Null(block.Obstacle));
        Assert.Equal(["[?]", "[?]", "[?]", "[3]"], graph.Blocks.Select(block => block.Output.ToString()));
    }

    [Fact]
    public void A_block_may_state_the_input_that_the_class_states()
    {
        const string text = """
            [Model, Input(3, 8, 8)]
            partial class M
            {
                [Input(3, 8, 8), Conv2d(4, Kernel = 3)] private partial Tensor A(Tensor x);
                [Input(4, 6, 6), Flatten, Linear(2)] private partial Tensor B(Tensor x);
            }
            """;

        Assert.Empty(Declarations.Graph(text).Problems);
        var problem = Assert.Single(Declarations.Graph(text.Replace("[Input(3, 8, 8), Conv", "[Input(3, 8, 9), Conv")).Problems);
        Assert.Equal(new Origin(OriginKind.Block, 0, 0), problem.Origin);
        Assert.Contains("says [3, 8, 9], but the block gets [3, 8, 8]", problem.Message);
        problem = Assert.Single(Declarations.Graph(text.Replace("4, 6, 6", "4, 7, 6")).Problems);
        Assert.Equal(new Origin(OriginKind.Block, 1, 0), problem.Origin);
    }
}
