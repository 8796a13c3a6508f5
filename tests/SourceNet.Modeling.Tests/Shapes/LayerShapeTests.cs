using SourceNet.Layers;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;
using Shape = SourceNet.Modeling.Sizes.Shape;

namespace SourceNet.Modeling.Tests.Shapes;

/// <summary>Every layer, by the shape that TorchSharp's operator really yields.</summary>
public class LayerShapeTests
{
    private static readonly (string Layers, long[] Input, Func<Tensor, Tensor> Run)[] s_cases =
    [
        ("Linear(7)", [5], x => F.linear(x, zeros(7, 5))),
        ("Linear(7)", [1], x => F.linear(x, zeros(7, 1))),
        ("Linear(1), Norm(Layer)", [4, 5], x => F.linear(x, zeros(1, 5))),
        ("Norm(Batch)", [5], x => nn.BatchNorm1d(5).call(x)),
        ("Norm(Batch)", [5, 3], x => nn.BatchNorm1d(5).call(x)),
        ("Norm(Batch)", [5, 3, 7], x => nn.BatchNorm2d(5).call(x)),
        ("Norm(Batch)", [5, 3, 7, 2], x => nn.BatchNorm3d(5).call(x)),
        ("Norm(Instance)", [5, 3], x => nn.InstanceNorm1d(5).call(x)),
        ("Norm(Instance)", [5, 3, 7], x => nn.InstanceNorm2d(5).call(x)),
        ("Norm(Instance)", [5, 3, 7, 2], x => nn.InstanceNorm3d(5).call(x)),
        ("Norm(Group, Groups = 3)", [6], x => F.group_norm(x, 3)),
        ("Norm(Group, Groups = 3)", [6, 5], x => nn.GroupNorm(3, 6).call(x)),
        ("Norm(Group, Groups = 3)", [6, 5, 7], x => nn.GroupNorm(3, 6).call(x)),
        ("Norm(Layer)", [6], x => nn.LayerNorm(6).call(x)),
        ("Norm(Layer)", [5, 6], x => nn.LayerNorm(6).call(x)),
        ("Norm(Layer)", [3, 5, 7], x => nn.LayerNorm([3, 5, 7]).call(x)),
        ("Norm(RMS)", [5, 6], x => new RMSNorm(6).call(x)),
        ("Norm(RMS)", [3, 5, 7], x => new RMSNorm([3, 5, 7]).call(x)),
        ("Attention(3)", [5, 6], x => new Attention(6, 3).call(x)),
        ("Attention(4, KeyValueHeads = 2, Rotary = true, Causal = true)", [5, 8], x => new Attention(8, 4, 2, causal: true, rotary: true).call(x)),
        ("PositionEmbedding(9)", [7, 4], x => new PositionEmbedding(9, 4).call(x)),
        ("FeedForward(13)", [5, 6], x => new FeedForward(6, 13).call(x)),
        ("FeedForward(13)", [6], x => new FeedForward(6, 13).call(x)),
        ("SwiGlu(13)", [5, 6], x => new SwiGlu(6, 13).call(x)),
        ("Activation(GLU)", [6], x => F.glu(x, -1)),
        ("Activation(GLU)", [6, 5, 7], x => F.glu(x, 1)),
        ("Linear(6), Activation(GLU)", [5, 3], x => F.glu(F.linear(x, zeros(6, 3)), -1)),
        ("Activation(ReLU)", [5, 3, 7], x => F.relu(x)),
        ("Activation(PReLU), Activation(GELU)", [5], x => x),
        ("GlobalAveragePool", [5, 3], x => x.mean([1])),
        ("GlobalAveragePool", [5, 3, 7], x => x.mean([2, 3])),
        ("GlobalAveragePool", [5, 3, 7, 2], x => x.mean([2, 3, 4])),
        ("Norm(Batch), GlobalAveragePool", [5, 3], x => x.mean([2])),
        ("Flatten", [5], x => x.flatten(1)),
        ("Flatten", [5, 3, 7], x => x.flatten(1)),
        ("Reshape(35, 3)", [5, 3, 7], x => x.reshape(x.size(0), 35, 3)),
        ("Reshape(3, 5, 1, 7)", [105], x => x.reshape(x.size(0), 3, 5, 1, 7)),
        ("Softmax", [5, 3, 7], x => F.softmax(x, 1)),
        ("Softmax(Log = true)", [5], x => F.log_softmax(x, -1)),
        ("Dropout(0.5), GaussianNoise(0.1), AlphaDropout(0.2), GaussianDropout(0.1)", [5, 3], x => x),
        ("SpatialDropout(0.5)", [5, 3], x => nn.Dropout1d(0.5).call(x)),
        ("SpatialDropout(0.5)", [5, 3, 7], x => nn.Dropout2d(0.5).call(x)),
        ("SpatialDropout(0.5)", [5, 3, 7, 2], x => nn.Dropout3d(0.5).call(x)),
        ("DropBlock(0.1, BlockSize = 3)", [5, 3, 7], x => new DropBlock(0.1, 3).call(x)),
        ("Residual, Linear(5), Activation(Tanh), DropPath(0.1)", [5], x => x + new DropPath(0.1).call(F.linear(x, zeros(5, 5)))),
        ("Conv1d(4, Kernel = 3, Padding = \"same\", Dilation = 2)", [3, 7], x => F.conv1d(x, zeros(4, 3, 3), padding: 2, dilation: 2)),
        ("Conv2d(4, Kernel = \"5, 1\", Padding = \"same\")", [3, 7, 11], x => F.conv2d(x, zeros(4, 3, 5, 1), padding: [2, 0])),
        ("Conv2d(6, Kernel = new[] { 3, 2 }, Groups = 3)", [3, 7, 11], x => F.conv2d(x, zeros(6, 1, 3, 2), groups: 3)),
        ("MaxPool1d(3), Conv1d(2, Kernel = 1), AveragePool1d(2)", [3, 31], x => F.avg_pool1d(F.conv1d(F.max_pool1d(x, 3), zeros(2, 3, 1)), 2)),
        ("Reshape(3, 12), Conv1d(4, Kernel = 3)", [36], x => F.conv1d(x.reshape(x.size(0), 3, 12), zeros(4, 3, 3))),
        ("Reshape(3, 12), Linear(4)", [36], x => F.linear(x.reshape(x.size(0), 3, 12), zeros(4, 12))),
    ];

    private static readonly IReadOnlyList<LayerGraph> s_graphs = Declarations.Graphs(string.Concat(
        s_cases.Select((layer, i) => Declarations.OneBlock($"M{i}", layer.Layers, $"[Input({string.Join(", ", layer.Input)})]"))));

    public static TheoryData<int, string, string> Cases()
    {
        var data = new TheoryData<int, string, string>();
        for (var i = 0; i < s_cases.Length; i++)
        {
            data.Add(i, s_cases[i].Layers, $"[{string.Join(", ", s_cases[i].Input)}]");
        }

        return data;
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_layer_has_the_shape_of_the_operator(int index, string layers, string input)
    {
        var expected = Real.Shape(s_cases[index].Input, s_cases[index].Run);

        Assert.NotNull(expected);
        Assert.Empty(s_graphs[index].Problems);
        Assert.True($"[{string.Join(", ", expected)}]" == s_graphs[index].Output.ToString(), $"{layers} on {input}: {s_graphs[index].Output}");
        Assert.Null(s_graphs[index].Blocks[0].Obstacle);
    }

    [Fact]
    public void An_embedding_adds_an_axis()
    {
        var expected = Real.Shape([7], x => nn.Embedding(11, 5).call(x), ScalarType.Int64);
        var graph = Declarations.Block("Embedding(11, 5)", "[Input(7, DType = ScalarType.Int64)]");

        Assert.Equal($"[{string.Join(", ", expected!)}]", graph.Output.ToString());
        Assert.False(graph.Output.IsIndices);
    }

    [Fact]
    public void Indices_keep_being_indices_when_reshaped()
    {
        var graph = Declarations.Block("Reshape(2, 6), Flatten, Embedding(11, 5)", "[Input(12, DType = ScalarType.Int64)]");

        Assert.Empty(graph.Problems);
        Assert.Equal("[12, 5]", graph.Output.ToString());
    }

    [Theory]
    [InlineData("Conv1d", false)]
    [InlineData("Conv2d", false)]
    [InlineData("Conv3d", false)]
    [InlineData("ConvTranspose1d", true)]
    [InlineData("ConvTranspose2d", true)]
    [InlineData("ConvTranspose3d", true)]
    public void A_convolution_has_the_shape_of_the_operator_or_one_problem_where_that_refuses(string attribute, bool transposed)
    {
        var random = new Random(1);
        var windows = Enumerable.Range(0, 80).Select(_ => RandomWindows.Convolution(random, Rank(attribute), transposed)).ToList();
        var graphs = Declarations.Graphs(string.Concat(windows.Select((window, i) => Declarations.OneBlock(
            $"M{i}",
            $"{attribute}({window.Window.Channels}, Kernel = {Array(window.Window.Kernel)}, Stride = {Array(window.Window.Stride)}, Padding = "
                + $"{Array(window.Window.Padding)}, Dilation = {Array(window.Window.Dilation)}, Groups = {window.Window.Groups}"
                + (transposed ? $", OutputPadding = {Array(window.Window.OutputPadding)})" : ")"),
            $"[Input({string.Join(", ", window.Input)})]"))));

        AssertAgree(windows, graphs, (x, window) => Real.Convolve(x, window));
    }

    [Theory]
    [InlineData("MaxPool1d", false, false)]
    [InlineData("MaxPool2d", false, false)]
    [InlineData("MaxPool3d", false, false)]
    [InlineData("AveragePool1d", true, false)]
    [InlineData("AveragePool2d", true, false)]
    [InlineData("AveragePool3d", true, false)]
    [InlineData("MaxPool1d", false, true)]
    [InlineData("MaxPool2d", false, true)]
    [InlineData("MaxPool3d", false, true)]
    [InlineData("AveragePool1d", true, true)]
    [InlineData("AveragePool2d", true, true)]
    [InlineData("AveragePool3d", true, true)]
    public void A_pool_has_the_shape_of_the_operator_or_one_problem_where_that_refuses(string attribute, bool average, bool ceiling)
    {
        var random = new Random(2);
        var windows = Enumerable.Range(0, 80).Select(_ => RandomWindows.Pool(random, Rank(attribute), average)).ToList();
        var graphs = Declarations.Graphs(string.Concat(windows.Select((window, i) => Declarations.OneBlock(
            $"M{i}",
            $"{attribute}(\"{string.Join(", ", window.Window.Kernel)}\", Stride = {Array(window.Window.Stride)}, Padding = {Array(window.Window.Padding)}, "
                + $"CeilMode = {(ceiling ? "true" : "false")}"
                + (average ? ")" : $", Dilation = {Array(window.Window.Dilation)})"),
            $"[Input({string.Join(", ", window.Input)})]"))));

        AssertAgree(windows, graphs, (x, window) => Real.Pool(x, window, average, ceiling));
    }

    private static void AssertAgree(IReadOnlyList<(Window Window, long[] Input)> windows, IReadOnlyList<LayerGraph> graphs, Func<Tensor, Window, Tensor> run)
    {
        Assert.Equal(windows.Count, graphs.Count);
        var (fitting, refused) = (0, 0);
        foreach (var ((window, input), graph) in windows.Zip(graphs))
        {
            var real = Real.Shape(input, x => run(x, window));
            var expected = real is null ? "[?]" : $"[{string.Join(", ", real)}]";
            var text =
                $"{Describe(window)} on [{string.Join(", ", input)}]: expected {expected}, found {graph.Output}; "
                    + $"{string.Join("; ", graph.Problems.Select(problem => problem.Message))}";
            Assert.True(graph.Problems.Count == (real is null ? 1 : 0), text);
            Assert.True(real is null || expected == graph.Output.ToString(), text);
            (fitting, refused) = real is null ? (fitting, refused + 1) : (fitting + 1, refused);
        }

        // The sizes are chosen so that both happen often.
        Assert.InRange(fitting, 15, 78);
        Assert.InRange(refused, 2, 65);
    }

    private static string Describe(Window window) =>
        $"kernel {Array(window.Kernel)}, stride {Array(window.Stride)}, padding {Array(window.Padding)}, dilation {Array(window.Dilation)}, output padding "
            + $"{Array(window.OutputPadding)}, {window.Channels} channels, {window.Groups} groups";

    private static string Array(IEnumerable<long> sizes) => $"new[] {{ {string.Join(", ", sizes)} }}";

    private static int Rank(string attribute) => attribute[^2] - '0';
}
