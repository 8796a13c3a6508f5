using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace SourceNet.Modeling.Tests.Shapes;

/// <summary>A shape over constructor parameters is the real one for every value of them that the operator takes.</summary>
public class SymbolicShapeTests
{
    [Theory]
    [InlineData("Conv1d", false)]
    [InlineData("Conv2d", false)]
    [InlineData("Conv3d", false)]
    [InlineData("ConvTranspose1d", true)]
    [InlineData("ConvTranspose2d", true)]
    [InlineData("ConvTranspose3d", true)]
    public void Of_a_convolution(string attribute, bool transposed)
    {
        var rank = attribute[^2] - '0';
        var graph = WindowGraph(
            rank,
            $"{attribute}(\"channels\", Groups = \"groups\", Kernel = \"{Names("k", rank)}\", Stride = \"{Names("s", rank)}\", Padding = "
                + $"\"{Names("p", rank)}\", Dilation = \"{Names("d", rank)}\""
            + (transposed ? $", OutputPadding = \"{Names("o", rank)}\")" : ")"));

        AssertHolds(graph, random => RandomWindows.Convolution(random, rank, transposed), (x, window) => Real.Convolve(x, window));
    }

    [Theory]
    [InlineData("MaxPool1d", false)]
    [InlineData("MaxPool2d", false)]
    [InlineData("MaxPool3d", false)]
    [InlineData("AveragePool2d", true)]
    public void Of_a_pool(string attribute, bool average)
    {
        var rank = attribute[^2] - '0';
        var graph = WindowGraph(
            rank,
            $"{attribute}(\"{Names("k", rank)}\", Stride = \"{Names("s", rank)}\", Padding = "
                + $"\"{Names("p", rank)}\"{(average ? "" : $", Dilation = \"{Names("d", rank)}\"")})");

        AssertHolds(graph, random => RandomWindows.Pool(random, rank, average), (x, window) => Real.Pool(x, window, average, ceiling: false));
    }

    [Theory]
    [InlineData("MaxPool1d(2, CeilMode = true)", 2, 2, 0)]
    [InlineData("MaxPool1d(3, Stride = 2, Padding = 1, CeilMode = true)", 3, 2, 1)]
    [InlineData("MaxPool1d(5, Stride = 3, Padding = 2, CeilMode = true)", 5, 3, 2)]
    public void Of_a_pool_that_counts_the_last_window(string layer, long kernel, long stride, long padding)
    {
        var graph = Declarations.Block(layer, "[Input(3, \"n\")]", "int n");

        Assert.Empty(graph.Problems);
        for (var n = kernel; n < 30; n++)
        {
            Assert.Equal(Real.Shape([3, n], x => F.max_pool1d(x, kernel, stride, padding, ceil_mode: true)), Values(graph.Output, _ => n));
        }
    }

    [Fact]
    public void Is_unknown_where_the_last_window_counts_only_sometimes()
    {
        var graph = Declarations.Block("MaxPool1d(2, Stride = 3, Padding = 1, CeilMode = true), Activation(ReLU)", "[Input(3, \"n\")]", "int n");

        Assert.Empty(graph.Problems);
        Assert.Equal("[3, ?]", graph.Output.ToString());
    }

    [Fact]
    public void Of_a_network()
    {
        var graph = Declarations.Block(
            "Conv2d(\"2 * width\", Kernel = \"2 * k + 1\", Padding = \"same\"), Norm(Batch), Activation(GLU), MaxPool2d(2), Flatten, Linear(\"width / 2\")",
            "[Input(3, \"4 * size\", \"size + 1\")]",
            "int width, int size, int k");

        Assert.Empty(graph.Problems);
        Assert.Equal("[(width / 2)]", graph.Output.ToString());
        Assert.Equal("[2 * width, 4 * size, size + 1]", graph.Blocks[0].Layers[0].Output.ToString());
        Assert.Equal("[width, 2 * size, ((size + 1) / 2)]", graph.Blocks[0].Layers[3].Output.ToString());
        foreach (var (width, size, k) in new[] { (4L, 3L, 1L), (6, 2, 2), (2, 7, 0) })
        {
            var real = Real.Shape([3, 4 * size, size + 1], x =>
                F.max_pool2d(F.glu(F.conv2d(x, zeros(2 * width, 3, (2 * k) + 1, (2 * k) + 1), padding: [k, k]), 1), 2).flatten(1));
            Assert.Equal(real, Values(graph.Blocks[0].Layers[4].Output, name => name switch { "width" => width, "size" => size, _ => k }));
        }
    }

    [Fact]
    public void Halving_an_even_size_comes_out_even()
    {
        var graph = Declarations.Block("Conv2d(8, Kernel = 3, Stride = 2, Padding = 1)", "[Input(3, \"2 * h\", \"4 * w\")]", "int h, int w");

        Assert.Equal("[8, h, 2 * w]", graph.Output.ToString());
    }

    [Fact]
    public void Free_sizes_follow_through_the_layers()
    {
        var graph = Declarations.Block(
            "Embedding(\"vocabulary\", \"dim\"), PositionEmbedding(64), Attention(\"heads\"), SwiGlu(\"4 * dim\"), Norm(RMS), Linear(\"vocabulary\", Bias = "
                + "false)",
            "[Input(\"T\", DType = ScalarType.Int64)]", "int vocabulary, int dim, int heads");

        Assert.Empty(graph.Problems);
        Assert.Equal("[T, vocabulary]", graph.Output.ToString());
        Assert.Equal(["T"], graph.Declaration!.FreeSizes);
        Assert.Null(graph.Blocks[0].Obstacle);
    }

    private static void AssertHolds(LayerGraph graph, Func<Random, (Window Window, long[] Input)> next, Func<Tensor, Window, Tensor> run)
    {
        Assert.Empty(graph.Problems);
        Assert.Null(graph.Blocks[0].Obstacle);
        var random = new Random(3);
        var compared = 0;
        for (var i = 0; i < 60; i++)
        {
            var (window, input) = next(random);
            if (Real.Shape(input, x => run(x, window)) is { } real)
            {
                compared++;
                Assert.Equal(real, Values(graph.Output, name => Value(name, window, input)));
            }
        }

        Assert.InRange(compared, 15, 60);
    }

    private static LayerGraph WindowGraph(int rank, string layer)
    {
        var parameters = new[] { "k", "s", "p", "d", "o" }.SelectMany(setting => Enumerable.Range(0, rank).Select(axis => $"int {setting}{axis}"))
            .Concat(Enumerable.Range(0, rank + 1).Select(axis => $"int i{axis}"))
            .Concat(["int channels", "int groups"]);
        var input = string.Join(", ", Enumerable.Range(0, rank + 1).Select(axis => $"\"i{axis}\""));
        return Declarations.Block(layer, $"[Input({input})]", string.Join(", ", parameters));
    }

    private static string Names(string setting, int rank) => string.Join(", ", Enumerable.Range(0, rank).Select(axis => setting + axis));

    private static long Value(string name, Window window, long[] input) => name switch
    {
        "channels" => window.Channels,
        "groups" => window.Groups,
        _ => (name[0] switch
        {
            'k' => window.Kernel,
            's' => window.Stride,
            'p' => window.Padding,
            'd' => window.Dilation,
            'o' => window.OutputPadding,
            _ => input
        })[name[1] - '0'],
    };

    private static long[] Values(Modeling.Sizes.Shape shape, Func<string, long> valueOf) =>
        shape.Dims.Select(dim => dim.Substitute(name => valueOf(name)).Constant!.Value).ToArray();
}
