using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Recognized;

namespace SourceNet.Modeling.Tests.Passes;

public class ForwardShapesTests
{
    [Theory]
    // What Grow, Down, Head get and what forward returns.
    [InlineData("=> Head(Down(Grow(input)));", "[3, 8, 8] [6, 8, 8] [6, 4, 4] [10]")]
    [InlineData("{ using var x = Grow(input); using var y = Down(x); return Head(y); }", "[3, 8, 8] [6, 8, 8] [6, 4, 4] [10]")]
    [InlineData("{ Down(input); return Head(Grow(input)); }", "[3, 8, 8] [3, 8, 8] [6, 8, 8] [10]")]
    [InlineData("=> Head(cat([Grow(input), input], 1));", "[3, 8, 8] - [9, 8, 8] [10]")]
    [InlineData("=> Head(cat([Grow(input), Grow(input)], -1));", "[3, 8, 8] - [6, 8, 16] [10]")]
    [InlineData("{ var x = Grow(input); var y = Down(x); return Head(cat([Grow(input), x], 1) + cat([x, x], 1)); }", "[3, 8, 8] [6, 8, 8] [12, 8, 8] [10]")]
    [InlineData("{ if (Environment.ProcessorCount > 3) input = Free(input); return Head(Grow(input.clone())); }", "[3, 8, 8] - [6, 8, 8] [10]")]
    [InlineData("=> Head(Grow(input) * Grow(input).mean([2, 3], keepdim: true));", "[3, 8, 8] - [6, 8, 8] [10]")]
    [InlineData("=> Head(Grow(input.permute(0, 1, 3, 2)).transpose(2, 3));", "[3, 8, 8] - [6, 8, 8] [10]")]
    [InlineData("=> Head(Twice(input)); Tensor Twice(Tensor x) => Grow(x) + Grow(x);", "[3, 8, 8] - [6, 8, 8] [10]")]
    [InlineData("{ var x = Down(input); input = x.relu() - x; return Head(Grow(input)); }", "[3, 4, 4] [3, 8, 8] [6, 4, 4] [10]")]
    public void Shapes_follow_plain_code(string forward, string expected)
    {
        var graph = Graph(forward);

        Assert.Empty(graph.Problems);
        Assert.Equal(expected, Text(graph));
    }

    [Theory]
    [InlineData("=> Free(Strange(Grow(input)));")]
    [InlineData("=> Free(Grow(input) + input);")]
    [InlineData("=> Free(cat([Grow(input), Down(input)], 0));")]
    [InlineData("=> Free(cat([Grow(input), input.flatten(1)], 1));")]
    [InlineData("=> Free(cat([Grow(input), input], 7));")]
    [InlineData("=> Free(missing);")]
    public void What_is_not_understood_is_unknown_and_nothing_is_reported(string forward)
    {
        var graph = Graph(forward);

        Assert.DoesNotContain(graph.Problems, problem => problem.Origin.Member == 3);
        Assert.Equal("[?]", Block(graph, "Free").Input.ToString());
        Assert.Null(Block(graph, "Free").Obstacle);
        Assert.Equal("[?]", graph.Output.ToString());
    }

    [Theory]
    // A second call in other places keeps what both agree in; one that cannot be told takes nothing away.
    [InlineData("{ Grow(Strange(input)); return Grow(input); }", "[3, 8, 8]")]
    [InlineData("{ Grow(input); if (training) Grow(input.exp()); return input; }", "[3, 8, 8]")]
    [InlineData("{ Grow(input); return Grow(Down(input)); }", "[3, ?, ?]")]
    [InlineData("{ Grow(Down(input)); return Grow(input); }", "[3, ?, ?]")]
    public void A_block_that_is_called_twice_suits_both(string forward, string expected)
    {
        var graph = Graph(forward);

        Assert.DoesNotContain(graph.Problems, problem => problem.Origin.Member == 0);
        Assert.Equal(expected, Block(graph, "Grow").Input.ToString());
        Assert.Null(Block(graph, "Grow").Obstacle);
    }

    [Theory]
    [InlineData("=> Grow(Strange(input));", "x.bincount()")]
    [InlineData("{ var x = input.bincount(); x = x.relu() + 1; return Grow(Down(x)); }", "input.bincount()")]
    [InlineData("=> Grow(input + input.flatten(1));", "input + input.flatten(1)")]
    [InlineData("=> Grow(input.mul(Missing()));", "input.mul(Missing())")]
    [InlineData("=> Grow(einsum(\"nchw->nwhc\", input));", "einsum(\"nchw->nwhc\", input)")]
    public void A_shape_that_is_lost_is_lost_at_an_expression(string forward, string expected)
    {
        var compilation = Declarations.Compile(Source(forward));
        var model = ModelReader.ReadGraph(Declarations.Models(compilation)[0], CodeBodies.Of(compilation), default);

        var problem = Assert.Single(model.Graph.Problems, problem => problem.Origin.Member == 0);
        Assert.Equal("SN6009", problem.Id);
        Assert.Equal(expected, model.Places[problem.Cause!.Value.Member].ToString());
    }

    [Theory]
    [InlineData("Output(5)", "=> Strange(input);", "[5]", "")]
    [InlineData("Output(10)", "=> Head(input);", "[10]", "")]
    [InlineData("Output(9)", "=> Head(input);", "[10]", "[Output] of 'M' says [9], but it makes [10]")]
    [InlineData("Output(\"K\", 3)", "=> Strange(input);", "[K, 3]", "")]
    [InlineData("Output", "=> Head(input);", "[10]", "Output needs the sizes of one sample, without the batch: [Output(10)]")]
    [InlineData("Output(0)", "=> Head(input);", "[10]", "A size of Output must be at least 1, found 0")]
    public void A_class_may_state_what_comes_out(string output, string forward, string expected, string message)
    {
        var graph = Declarations.Graph(Source(forward, output));

        Assert.Equal(expected, graph.Output.ToString());
        Assert.Equal(message, string.Concat(graph.Problems.Where(problem => problem.Origin.Kind == OriginKind.Class).Select(problem => problem.Message)));
    }

    [Fact]
    public void A_stated_output_goes_on_in_the_model_around()
    {
        var graph = Declarations.Graph("""
            [Model, Input(8)]
            partial class Outer { [Stack<Inner>("6"), Linear(2)] private partial Tensor Body(Tensor x); }
            [Model, Input(8), Output("2 * n")]
            partial class Inner(int n)
            {
                [Linear("n")] private partial Tensor Half(Tensor x);
                public override Tensor forward(Tensor input) => einsum("ni,nj->nj", Half(input), input);
            }
            """);

        Assert.Empty(graph.Problems);
        Assert.Equal("[12]", graph.Blocks[0].Layers[0].Output.ToString());
    }

    [Theory]
    [InlineData("Linear(3), Output(3)", "")]
    [InlineData("Linear(3), Output(4)", "[Output] of 'Body' says [4], but it makes [3]")]
    public void A_block_may_state_what_it_makes(string layers, string message) =>
        Assert.Equal(message, string.Concat(Declarations.Block(layers, "[Input(8)]").Problems.Select(problem => problem.Message)));

    [Fact]
    public void A_block_that_gets_its_own_output_has_one_shape()
    {
        var graph = Declarations.Graph("""
            [Model, Input(4)]
            partial class M
            {
                [Linear(4)] private partial Tensor A(Tensor x);
                public override Tensor forward(Tensor input) => A(A(input));
            }
            """);

        Assert.Empty(graph.Problems);
        Assert.Equal("[4]", graph.Output.ToString());
    }

    [Fact]
    public void Calls_with_channels_of_different_number_leave_a_weight_without_its_size()
    {
        var graph = Graph("{ Grow(input); return Grow(Grow(input)); }");

        Assert.Equal("[?, 8, 8]", Block(graph, "Grow").Input.ToString());
        Assert.Equal("SN6009", Assert.Single(graph.Problems, problem => problem.Origin.Member == 0).Id);
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_reported_where_it_arrives()
    {
        var problem = Assert.Single(Graph("=> Head(Grow(Head(input)));").Problems, problem => problem.Origin.Member == 0);

        Assert.Equal("Conv2d expects [C, H, W], found [10]", problem.Message);
        Assert.Equal(new Origin(OriginKind.Block, 0, 0), problem.Origin);
    }

    [Fact]
    public void A_stated_input_is_checked_against_the_shape_that_arrives()
    {
        const string text = """
            [Model, Input(3, 8, 8)]
            partial class M
            {
                [Conv2d(6, Kernel = 1)] private partial Tensor A(Tensor x);
                [Input(6, 8, 8), Flatten, Linear(10)] private partial Tensor B(Tensor x);
                public override Tensor forward(Tensor input) => B(A(input));
            }
            """;

        Assert.Empty(Declarations.Graph(text).Problems);
        var problem = Assert.Single(Declarations.Graph(text.Replace("Input(6", "Input(7")).Problems);
        Assert.Equal("[Input] of 'B' says [7, 8, 8], but the block gets [6, 8, 8]", problem.Message);
    }

    [Fact]
    public void Sizes_that_are_known_at_construction_follow_as_expressions()
    {
        var graph = Declarations.Graph("""
            [Model, Input("T", "dim")]
            partial class M(int dim)
            {
                [Linear("2 * dim")] private partial Tensor A(Tensor x);
                [Linear("dim")] private partial Tensor B(Tensor x);
                public override Tensor forward(Tensor input) => input + B(cat([A(input), input], -1));
            }
            """);

        Assert.Empty(graph.Problems);
        Assert.Equal("[T, 3 * dim]", graph.Blocks[1].Input.ToString());
        Assert.Equal("[T, dim]", graph.Output.ToString());
    }

    private static LayerGraph Graph(string forward) => Declarations.Graph(Source(forward));

    private static string Source(string forward, string ofClass = "WeightDecay(0.1)") => $$"""
        [Model, Input(3, 8, 8), {{ofClass}}]
        partial class M
        {
            [Conv2d(6, Kernel = 3, Padding = 1)] private partial Tensor Grow(Tensor x);
            [MaxPool2d(2)] private partial Tensor Down(Tensor x);
            [Flatten, Linear(10)] private partial Tensor Head(Tensor x);
            [Activation(ReLU), Dropout(0.1)] private partial Tensor Free(Tensor x);
            private static Tensor Strange(Tensor x) => x.bincount();
            private static extern Tensor Missing();
            public override Tensor forward(Tensor input) {{forward}}
        }
        """;

    private static Block Block(LayerGraph graph, string name) => graph.Blocks.Single(block => block.Declaration.MethodName == name);

    private static string Text(LayerGraph graph) =>
        string.Join(" ", new[] { "Grow", "Down", "Head" }.Select(name => Block(graph, name).Input).Append(graph.Output)).Replace("[?]", "-");
}
