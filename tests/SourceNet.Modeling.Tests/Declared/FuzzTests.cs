using System.Diagnostics;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;

namespace SourceNet.Modeling.Tests.Declared;

/// <summary>An editor shows the front end every state that a source goes through while it is typed.</summary>
public class FuzzTests
{
    private static readonly string[] s_pieces =
    [
        "[", "]", "(", ")", "{", "}", ",", ";", "\"", "=", "<", ">", ".", "-", "*", "/", "partial", "class", "record", "struct", "static", "abstract",
        "Tensor", "private",
        "Linear", "Conv2d", "ConvTranspose1d", "Kernel = 3", "Kernel = \"k, k\"", "Padding = \"same\"", "Norm(Batch)", "Norm(Group, Groups = 0)",
        "Activation(GLU)", "Dropout(2)",
        "Stack<M>", "Stack<Inner>(\"n, 1\", Repeat = -1)", "Stack<int[]>", "Stack<>", "Reshape()", "Reshape(\"T\", \"T\")", "Input()", "Input(null)",
        "Input(\"T\", \"U\", 3)", "Residual", "Output",
        "Name(\"\")", "Name(null)", "TiedTo = \"Embed\"", "L1(\"0/0\")", "WeightDecay(1e308)", "0", "-1", "99999999999", "1e400", "null",
        "new object[] { 1, null }", "typeof(int)",
        "\"T\"", "\"n * n\"", "\"((((\"", "\"n / 0\"", "\"1 / n\"", "\"index\"", "double.NaN", "(ActivationKind)99", "@class", "int",
        "public override Tensor forward(Tensor input) => Embed(input);",
        "MaxPool2d(3, Padding = 9, CeilMode = true)", "Flatten", "Softmax", "GlobalAveragePool", "DropPath(0.5)", "SpatialDropout(nameof(rate))",
        "Embedding(\"n\", \"m\")", "Attention(\"heads\")",
    ];

    private const string Seed = """
        [Model, Input("T", DType = ScalarType.Int64), Norm(RMS), Dropout(nameof(rate)), WeightDecay(0.1)]
        public partial class M(int n, int m = 8, double rate = 0.1)
        {
            private const int Width = 4;
            private readonly TorchSharp.Modules.Linear head = null!;
            [Embedding("n", "m"), PositionEmbedding(32)] private partial Tensor Embed(Tensor x);
            [Residual, Attention(2, Rotary = true), FeedForward("4 * m")] private partial Tensor Attend(Tensor x);
            [Stack<Inner>("m, rate * index", Repeat = "n")] private partial Tensor Inners(Tensor x);
            [Reshape("T", 2, "m / 2"), Flatten] private partial Tensor Shaped(Tensor x);
            [Linear("n", TiedTo = nameof(Embed)), Output] private partial Tensor Logits(Tensor x);
        }
        [Model, Input(3, "size", "size")]
        partial class Inner(int size, double rate = 0.1)
        {
            [Conv2d(4, Kernel = "3, 1", Padding = new[] { 1, 0 }, Stride = 2), Norm(Batch), MaxPool2d(2), Activation(LeakyReLU, Slope = 0.2), SpatialDropout("rate")] private partial Tensor A(Tensor x);
            [ConvTranspose2d(8, Kernel = 3, OutputPadding = 1, Stride = 2), Norm(Group, Groups = 4), GlobalAveragePool, Linear(Width), Softmax] private partial Tensor B(Tensor x);
            public override Tensor forward(Tensor input) { var y = A(input); return B(cat([y, y], 1)); }
        }
        """;

    [Fact]
    public void Any_source_is_read_without_an_exception_and_soon()
    {
        var random = new Random(1);
        var clock = Stopwatch.StartNew();
        var models = 0;
        for (var i = 0; i < 400; i++)
        {
            var text = Mutated(random);
            var compilation = Declarations.Compile(text);
            foreach (var type in Declarations.Models(compilation))
            {
                models++;
                var started = clock.Elapsed;
                var graph = Graph(compilation, type, text);
                Assert.True(clock.Elapsed - started < TimeSpan.FromSeconds(5), text);
                AssertExplained(graph, compilation);
            }
        }

        // Most sources keep both of their models.
        Assert.InRange(models, 500, 900);
    }

    [Fact]
    public void Every_prefix_of_a_source_is_read()
    {
        for (var length = 0; length < Seed.Length; length += 17)
        {
            var compilation = Declarations.Compile(Seed[..length]);
            foreach (var type in Declarations.Models(compilation))
            {
                Graph(compilation, type, Seed[..length]);
            }
        }
    }

    [Fact]
    public void Models_that_stack_many_models_are_read_soon()
    {
        var clock = Stopwatch.StartNew();
        var stacks = (int next) => string.Concat(Enumerable.Range(0, 4)
            .Select(i => $"[Stack<M{next}>(\"n * n + n / (n + 1), 1\")] private partial Tensor B{i}(Tensor x); "));
        var models = Enumerable.Range(0, 9)
            .Select(i =>
                $"[Model, Input(\"n\")] partial class M{i}(int n, int m) {{ "
                    + $"{(i == 8 ? "[Linear(\"n\")] private partial Tensor B(Tensor x);" : stacks(i + 1))} }}\n");

        Declarations.Graph(string.Concat(models));

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");
    }

    private static LayerGraph Graph(Microsoft.CodeAnalysis.CSharp.CSharpCompilation compilation, Microsoft.CodeAnalysis.INamedTypeSymbol type, string text)
    {
        try
        {
            return GraphBuilder.Build(Declarations.Read(compilation, type));
        }
        catch (Exception exception)
        {
            Assert.Fail($"{exception}\n{text}");
            throw;
        }
    }

    /// <summary>A block that cannot be written is never a surprise: a problem, or the compiler, says why.</summary>
    private static void AssertExplained(LayerGraph graph, Microsoft.CodeAnalysis.Compilation compilation)
    {
        var obstructed = graph.Blocks.FirstOrDefault(block => block.Obstacle is not null);
        if (obstructed is not null && !graph.Problems.Any(problem => problem.IsError))
        {
            Assert.True(Declarations.Errors((Microsoft.CodeAnalysis.CSharp.CSharpCompilation)compilation).Count > 0,
                $"{obstructed.Declaration.MethodName}: {obstructed.Obstacle}\n{compilation.SyntaxTrees.First()}");
        }
    }

    private static string Mutated(Random random)
    {
        var text = Seed;
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var at = random.Next(text.Length);
            var length = random.Next(4) == 0 ? random.Next(30) : 0;
            var end = Math.Min(text.Length, at + length);
            text = random.Next(5) switch
            {
                0 => text.Remove(at, end - at),
                1 => string.Concat(text.AsSpan(0, at), text.AsSpan(random.Next(text.Length - 40), 40), text.AsSpan(end)),
                2 => ReplaceWord(text, at, s_pieces[random.Next(s_pieces.Length)]),
                3 => ReplaceNumber(text, at, s_pieces[random.Next(s_pieces.Length)]),
                _ => string.Concat(text.AsSpan(0, at), s_pieces[random.Next(s_pieces.Length)], text.AsSpan(end)),
            };
        }

        return text;
    }

    /// <summary>Replaces what stands between two commas or brackets: the text mostly stays a program.</summary>
    private static string ReplaceWord(string text, int at, string piece)
    {
        var start = text.LastIndexOfAny([',', '[', '('], at) + 1;
        var end = text.IndexOfAny([',', ']', ')'], start);
        return end < start ? text : string.Concat(text.AsSpan(0, start), " ", piece, text.AsSpan(end));
    }

    private static string ReplaceNumber(string text, int at, string piece)
    {
        var start = text.AsSpan(at).IndexOfAnyInRange('0', '9');
        return start < 0 ? text : string.Concat(text.AsSpan(0, at + start), piece, text.AsSpan(at + start + 1));
    }
}
