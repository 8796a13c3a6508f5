using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Modeling.Tests.Passes;

public class StackTests
{
    [Theory]
    [InlineData("[Input(\"T\", \"dim\")]", "int dim", "Linear(\"dim\")", "Stack<Inner>(\"8\")", "[Input(5, 8)]", "[5, 8]")]
    [InlineData("[Input(\"T\", \"dim\")]", "int dim", "Linear(\"dim\")", "Stack<Inner>(\"2 * n\", Repeat = \"n\")", "[Input(\"T\", \"2 * n\")]", "[T, 2 * n]")]
    [InlineData("[Input(\"S\", \"dim\")]", "int dim", "Linear(\"3 * dim\")", "Stack<Inner>(\"n + 1\")", "[Input(\"T\", \"n + 1\")]", "[T, 3 * n + 3]")]
    [InlineData("[Input(\"S\", \"dim\")]", "int dim", "Flatten", "Stack<Inner>(\"8\")", "[Input(5, 8)]", "[40]")]
    [InlineData(
        "[Input(\"channels\", \"H\", \"W\")]",
        "int channels, int kernel",
        "Conv2d(\"channels\", Kernel = \"kernel\", Padding = \"kernel / 2\"), MaxPool2d(2)",
        "Stack<Inner>(\"3, 3\")",
        "[Input(3, 9, 16)]",
        "[3, 4, 8]")]
    [InlineData("[Input(4)]", "double rate", "Dropout(nameof(rate))", "Stack<Inner>(\"0.1 * index\", Repeat = 4)", "[Input(4)]", "[4]")]
    [InlineData("[Input(\"dim\")]", "int dim", "Linear(\"dim + 1\")", "Stack<Inner>(\"4 + index\", Repeat = 6)", "[Input(4)]", "[10]")]
    [InlineData("[Input(\"dim\")]", "int dim", "Linear(\"dim + 1\")", "Stack<Inner>(\"4 + index\", Repeat = \"n\")", "[Input(4)]", "[n + 4]")]
    [InlineData(
        "[Input(\"c\", \"H\", \"W\")]",
        "int c, int growth",
        "Conv2d(\"c + growth\", Kernel = 3, Padding = 1)",
        "Stack<Inner>(\"8 + 2 * index * n, 2 * n\", Repeat = 3)",
        "[Input(8, 5, \"W\")]",
        "[6 * n + 8, 5, W]")]
    [InlineData("[Input(\"dim\")]", "int dim", "Linear(\"dim + 1\")", "Stack<Inner>(\"4 + index\", Repeat = 0)", "[Input(4)]", "[4]")]
    [InlineData("[Input(\"T\", 4)]", "int width = 9", "Linear(\"width\")", "Stack<Inner>", "[Input(6, 4)]", "[6, ?]")]
    [InlineData("[Input(\"2 * T\", 4)]", "", "Linear(3)", "Stack<Inner>", "[Input(6, 4)]", "[?, 3]")]
    [InlineData("", "", "Linear(3)", "Stack<Inner>", "[Input(6, 4)]", "[?]")]
    public void Shapes_go_through_the_stacked_model(string innerInput, string innerParameters, string inner, string layers, string input, string expected)
    {
        var graph = Graph(innerInput, innerParameters, inner, layers, input);

        Assert.Empty(graph.Problems);
        Assert.Equal(expected, graph.Output.ToString());
        Assert.Null(graph.Blocks[0].Obstacle);
    }

    [Theory]
    [InlineData("[Input(4)]", "", "Linear(3)", "Stack<Inner>(Repeat = 2)", "SN6012", "but [4] goes in and [3] comes out")]
    [InlineData("[Input(\"dim\")]", "int dim", "Linear(3)", "Stack<Inner>(\"4\", Repeat = \"n\")", "SN6012", "'Inner' is repeated")]
    [InlineData("[Input(5)]", "", "Linear(5)", "Stack<Inner>", "SN6012", "'Inner' expects [5], but gets [4]")]
    [InlineData(
        "[Input(\"dim\")]",
        "int dim",
        "Linear(\"dim\")",
        "Stack<Inner>(\"4 + index\", Repeat = 2)",
        "SN6012",
        "'Inner' gives [index + 4] at position 'index' of the stack, but the next one expects [index + 5]")]
    [InlineData("[Input(\"dim\")]", "int dim", "Linear(\"dim + 1\")", "Stack<Inner>(\"5 + index\", Repeat = 2)", "SN6012", "'Inner' expects [5], but gets [4]")]
    [InlineData("[Input(\"T\", 4)]", "", "Linear(5)", "Stack<Inner>", "SN6012", "'Inner' expects [4, 4], but gets [4]")]
    [InlineData("[Input(4, DType = ScalarType.Int64)]", "", "Embedding(3, 2)", "Stack<Inner>", "SN6010", "Inner expects indices (Int64), found numbers [4]")]
    [InlineData("[Input(4)]", "int a", "Linear(4)", "Stack<Inner>", "SN6014", "cannot be constructed from (): its constructor takes (int a)")]
    [InlineData("[Input(4)]", "int a", "Linear(4)", "Stack<Inner>(\"1, 2\")", "SN6014", "cannot be constructed from (1, 2): its constructor takes (int a)")]
    [InlineData("[Input(4)]", "string a", "Linear(4)", "Stack<Inner>(\"1\")", "SN6014", "takes (string a)")]
    [InlineData("[Input(4)]", "int a", "Linear(4)", "Stack<Inner>(\"1.5\")", "SN6007", "must be a whole number")]
    [InlineData("[Input(4)]", "int a", "Linear(4)", "Stack<Inner>(\"nothing\")", "SN6006", "'nothing' names no number")]
    [InlineData("[Input(4)]", "int a", "Linear(4)", "Stack<Inner>(\"1 +\")", "SN6005", "found the end")]
    [InlineData("[Input(4)]", "double a", "Linear(4)", "Stack<Inner>(\"1 / 0\")", "SN6011", "'1 / 0' divides by 0")]
    [InlineData("[Input(4)]", "", "Linear(4)", "Stack<Inner>(Repeat = -1)", "SN6007", "at least 0, found -1")]
    [InlineData("[Input(4)]", "", "Linear(4)", "Stack<Inner>(Repeat = \"index\")", "SN6006", "'index'")]
    [InlineData("[Input(4)]", "", "Linear(4)", "Stack<string>", "SN6014", "'string' cannot be stacked")]
    [InlineData("[Input(4)]", "", "Linear(4)", "Stack<IDisposable>", "SN6014", "'IDisposable' cannot be stacked")]
    [InlineData("[Input(4)]", "", "Linear(4)", "Stack<M>", "SN6014", "'M' cannot contain itself")]
    public void What_does_not_fit_is_said_once(string innerInput, string innerParameters, string inner, string layers, string id, string message)
    {
        var graph = Graph(innerInput, innerParameters, inner, layers + ", Flatten, Linear(4)", "[Input(4)]");

        var problem = Assert.Single(graph.Problems);
        Assert.Equal(id, problem.Id);
        Assert.Contains(message, problem.Message);
        Assert.NotNull(graph.Blocks[0].Obstacle);
    }

    [Fact]
    public void A_model_that_stands_at_several_levels_is_read_once()
    {
        var declaration = Declarations.Read("""
            [Model, Input(4)] partial class Outer { [Stack<Middle>] private partial Tensor A(Tensor x); [Stack<Inner>] private partial Tensor B(Tensor x); }
            [Model, Input(4)] partial class Middle { [Stack<Inner>] private partial Tensor A(Tensor x); }
            [Model, Input(4)] partial class Inner { [Linear(4)] private partial Tensor A(Tensor x); }
            """);

        Assert.Same(Inside(Inside(declaration, 0), 0), Inside(declaration, 1));
    }

    [Theory]
    [InlineData("Stack<M1>", 5)]
    [InlineData("Stack<M3>, Stack<M1>", 5)]
    [InlineData("Stack<M3>", 5)]
    [InlineData("Stack<M4>", 4)]
    public void What_is_more_than_five_levels_deep_is_not_looked_into(string stacks, int expected)
    {
        var chain = string.Join(
            "\n",
            Enumerable.Range(1, 6).Select(i => $"[Model, Input(4)] partial class M{i} {{ [Stack<M{i + 1}>] private partial Tensor A(Tensor x); }}"));
        var declaration = Declarations.Read(
            $"[Model, Input(4)] partial class M {{ [{stacks}] private partial Tensor A(Tensor x); }}\n{chain}\n[Model, Input(4)] partial class M7 {{ "
                + $"[Linear(4)] private partial Tensor A(Tensor x); }}");

        var levels = 0;
        for (var model = Inside(declaration, 0, last: true); model is not null; model = Inside(model, 0))
        {
            levels++;
        }

        Assert.Equal(expected, levels);
    }

    private static ModelDeclaration? Inside(ModelDeclaration? model, int block, bool last = false)
    {
        var stacks = model!.Blocks[block].Layers.OfType<StackLayer>().ToList();
        return stacks.Count == 0 ? null : stacks[last ? ^1 : 0].Model;
    }

    [Fact]
    public void Models_that_stack_each_other_are_seen_from_each()
    {
        var graphs = Declarations.Graphs("""
            [Model, Input(4)] partial class A { [Stack<B>] private partial Tensor Body(Tensor x); }
            [Model, Input(4)] partial class B { [Stack<C>] private partial Tensor Body(Tensor x); }
            [Model, Input(4)] partial class C { [Stack<A>] private partial Tensor Body(Tensor x); }
            [Model, Input(4)] partial class Outside { [Stack<A>] private partial Tensor Body(Tensor x); }
            """);

        Assert.All(graphs.Take(3), graph => Assert.Equal("SN6014", Assert.Single(graph.Problems).Id));
        Assert.Empty(graphs[3].Problems);
    }

    [Theory]
    [InlineData("private readonly A inside = new();", "SN6014 'A' cannot contain itself: its constructor would never end")]
    [InlineData("private readonly B inside = new B();", "SN6014 'B' contains 'A' in turn: their constructors would never end")]
    [InlineData("private B Inside { get; } = new();", "SN6014 'B' contains 'A' in turn: their constructors would never end")]
    [InlineData("private readonly A? inside = deeper ? new A(false) : null;", "")]
    [InlineData("private readonly A? inside = null;", "SN6023")]
    public void A_model_that_a_field_makes_again_and_again_is_seen(string field, string expected)
    {
        var graph = Declarations.Graphs($$"""
            [Model, Input(4)] partial class A(bool deeper = true) { {{field}} [Linear(4)] private partial Tensor Body(Tensor x); }
            [Model, Input(4)] partial class B { private readonly A a = new(); [Linear(4)] private partial Tensor Body(Tensor x); }
            """)[0];

        Assert.StartsWith(expected, string.Concat(graph.Problems.Select(problem => $"{problem.Id} {problem.Message}")), StringComparison.Ordinal);
        Assert.Equal(expected.Length == 0, graph.Problems.Count == 0);
    }

    [Fact]
    public void Deep_chains_of_models_end_in_an_unknown_shape()
    {
        var models = Enumerable.Range(0, 9)
            .Select(i => $"[Model, Input(4)] partial class M{i} {{ [Stack<M{i + 1}>] private partial Tensor Body(Tensor x); }}\n");
        var graphs = Declarations.Graphs(string.Concat(models) + "[Model, Input(4)] partial class M9 { [Linear(4)] private partial Tensor Body(Tensor x); }");

        Assert.All(graphs, graph => Assert.Empty(graph.Problems));
        Assert.Equal(["[?]", "[?]", "[?]", "[?]", "[4]", "[4]", "[4]", "[4]", "[4]", "[4]"], graphs.Select(graph => graph.Output.ToString()));
    }

    [Theory]
    [InlineData("int a", "2 * n", "2 * n")]
    [InlineData("long a", "2 * n + m", "m + 2 * n")]
    [InlineData("int a", "m", "checked((int)(m))")]
    [InlineData("byte a", "b", "b")]
    [InlineData("byte a", "2 * b", "checked((byte)(2 * b))")]
    [InlineData("short a", "7", "7")]
    [InlineData("uint a", "n", "checked((uint)(n))")]
    [InlineData("double a", "n / 2", "(double)n / 2.0")]
    [InlineData("double a", "-half * 2 - low", "(-0.5) * 2.0 - (-0.25)", "a sum with parentheses")]
    [InlineData("double a", "f", "f")]
    [InlineData("float a", "f / 3", "(float)(f / 3.0)")]
    [InlineData("float a", "0.1", "(float)(0.1)")]
    [InlineData("int a", "index", "index")]
    [InlineData("int a", "@class", "@class")]
    public void Arguments_are_written_so_that_they_compile(string parameter, string argument, string expected, string note = "")
    {
        var compilation = Declarations.Compile($$"""
            [Model, Input(4)] partial class Outer(int n, long m, byte b, float f, double rate, int @class)
            {
                private const double half = 0.5, low = -0.25;
                [Stack<Inner>("{{argument}}")] private partial Tensor Body(Tensor x);
            }
            [Model, Input(4)] partial class Inner({{parameter}}) { [Flatten] private partial Tensor Body(Tensor x); }
            """);
        var layer = Assert.IsType<StackLayer>(Declarations.Read(compilation).Blocks[0].Layers[0]);

        var text = Assert.Single(layer.Arguments);
        if (note.Length == 0)
        {
            Assert.Equal(expected, text);
        }

        Assert.Empty(Declarations.Errors(Declarations.CompileRaw($$"""
            class Inner({{parameter}}) { public object A => a; }
            class Outer(int n, long m, byte b, float f, double rate, int @class)
            {
                public object Sum => (object)rate ?? n + m + b + f + @class;
                public static object Make(int index, int n, long m, byte b, float f, double rate, int @class) => new Inner({{text}});
            }
            """)));
    }

    [Fact]
    public void The_plan_and_the_groups_know_what_is_inside()
    {
        var graph = Graph(
            "[Input(4), WeightDecay(0.2)]",
            "double rate",
            "Linear(4), Dropout(nameof(rate))",
            "Stack<Inner>(\"0.5\", Repeat = 3)",
            "[Input(4), WeightDecay(0.1)]");

        Assert.Equal(
            [
                "body.*.body.linear.weight WeightDecay 0.2",
                "body.*.body.dropout Dropout rate",
                "body.*.biases, norms and embeddings WeightDecay 0",
                "body.* WeightDecay 0.1"
            ],
            graph.Plan.Select(entry => $"{entry.Where} {entry.Kind} {entry.Strength}"));
        Assert.Empty(graph.Groups);
    }

    private static LayerGraph Graph(string innerInput, string innerParameters, string inner, string layers, string input) => Declarations.Graph(
        Declarations.OneBlock("M", layers, input, "int n = 1") + Declarations.OneBlock("Inner", inner, innerInput, innerParameters));
}
