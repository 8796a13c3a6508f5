using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SourceNet.Generators.Tests;

/// <summary>Whatever an author has typed so far, the generator does not throw, and what it writes is C#.</summary>
public class BrokenDeclarationTests
{
    private const string Usings = "using SourceNet; using static SourceNet.ActivationKind; using static TorchSharp.torch;\n";

    /// <summary>Attributes of a block, half typed, mistyped or senseless.</summary>
    public static TheoryData<string> Attributes =>
    [
        "[Linear(", "[Linear()]", "[Linear", "[Linear(]", "[Linear(0)]", "[Linear(-3)]", "[Linear(2147483647)]", "[Linear(4, 5)]", "[Linear(null)]",
        "[Linear((string)null)]",
        "[Linear(\"\")]", "[Linear(\" \")]", "[Linear(\"4 *\")]", "[Linear(\"dim\")]", "[Linear(\"nope\")]", "[Linear(\"1 / 0\")]", "[Linear(\"dim / 0\")]",
        "[Linear(\"9999999999999999999\")]",
        "[Linear(\"dim * dim * dim * dim * dim * 9223372036854775807 * 3\")]", "[Linear(\"-dim\")]", "[Linear(\"((((((\")]", "[Linear(\"dim, dim\")]",
        "[Linear(\"dim\\n\")]", "[Linear(\"\\\"\")]",
        "[Linear(nope)]", "[Linear(nameof(nope))]", "[Linear(nameof())]", "[Linear(3.5)]", "[Linear('c')]", "[Linear(typeof(int))]", "[Linear(4, Bias = 3)]",
        "[Linear(4, Nope = 3)]", "[Linear(4, Name = null)]",
        "[Linear(4, Name = \"\")]", "[Linear(4, Name = \"a b\")]", "[Linear(4, Name = \"a\\nb\")]", "[Linear(4, Name = \".\")]",
        "[Linear(4, Name = \"x\"), Linear(4, Name = \"x\")]", "[Linear(4, TiedTo = \"Nope\")]",
        "[Linear(4, TiedTo = nameof(Body))]", "[Linear(4, TiedTo = null)]", "[Linear(4, TiedTo = 3)]",
        "[Conv2d(\"\")]", "[Conv2d(4)]", "[Conv2d(4, Kernel = 3)]", "[Conv2d(4, Kernel = \"3, 3, 3\")]", "[Conv2d(4, Kernel = new int[0])]",
        "[Conv2d(4, Kernel = new[] { 3, 3 })]", "[Conv2d(4, Kernel = null)]",
        "[Conv2d(4, Kernel = new object[] { \"dim\", null })]", "[Conv2d(4, Kernel = 2, Padding = \"same\")]", "[Conv2d(4, Kernel = 3, Padding = \"diff\")]",
        "[Conv2d(4, Kernel = 3, Groups = 0)]", "[Conv2d(4, Kernel = 3, Stride = 0)]",
        "[Conv3d(4, Kernel = 3.5)]", "[ConvTranspose1d(4, Kernel = 3, OutputPadding = -1)]",
        "[Dropout(0,3)]", "[Dropout(1)]", "[Dropout(-0.1)]", "[Dropout(double.NaN)]", "[Dropout(\"rate\")]", "[Dropout(\"0,3\")]", "[Dropout(\"1e400\")]",
        "[Dropout(\"dim\")]", "[Dropout(\"dim / 0\")]", "[Dropout(\"0 / 0\")]", "[Dropout(1 / 0.0)]",
        "[Embedding(4)]", "[Embedding(4, 4)]", "[Embedding(4, 4, PaddingIndex = 9)]", "[PositionEmbedding(0)]", "[Attention(3)]", "[Attention(0)]",
        "[Attention(4, KeyValueHeads = 3)]", "[Attention(4, Rotary = true, RotaryBase = -1)]",
        "[FeedForward(4, Activation = (ActivationKind)99)]", "[FeedForward(4, Activation = GLU)]", "[Norm((NormKind)99)]", "[Norm()]",
        "[Norm(NormKind.Group, Groups = 3)]", "[Norm(NormKind.Batch, Eps = -1)]", "[Activation()]", "[Activation(Nope)]", "[Activation(3)]",
        "[MaxPool2d(2)]", "[MaxPool1d(9)]", "[MaxPool1d(2, Padding = 5)]", "[AveragePool3d(\"a, b\")]", "[Reshape]", "[Reshape()]", "[Reshape(null)]",
        "[Reshape(3, 3)]", "[Reshape(0)]", "[Reshape(\"T\")]", "[Flatten(1)]",
        "[Stack<Nope>]", "[Stack<>]", "[Stack]", "[Stack<int>]", "[Stack<string>(\"\")]", "[Stack<Half>(\"4\")]", "[Stack<Half>(\"index\")]",
        "[Stack<Body>(\"1, 2, 3\")]", "[Stack<Broken>(\"dim\")]", "[Stack<Broken>(\"dim\", Repeat = -1)]", "[Stack<dynamic>]", "[Stack<int[]>]",
        "[Residual, Residual, Linear(3)]", "[Residual, Linear(3)]", "[Residual]", "[Output]", "[Name]", "[Name(null)]", "[Name(\"\")]", "[Name(\"a..b\")]",
        "[Name(\"\"), Stack<Half>(\"4\")]", "[Input]", "[Input()]", "[Input(null)]", "[Input(0)]", "[Input(\"a\", \"a\", \"b\")]",
        "[Input(2, 2, 2, 2, 2, 2, 2), Norm(NormKind.Batch)]", "[WeightDecay]", "[WeightDecay(-1)]", "[L1(\"\")]", "[ElasticNet(1, L1Ratio = 2)]",
        "[ElasticNet(\"rate\", L1Ratio = \"rate\")]", "[MaxNorm(0)]", "[SpectralNorm(Iterations = 0)]", "[WeightNorm, Linear(3)]",
        "[DropConnect(2), Linear(3)]", "[DropPath(0.5), Linear(3)]", "[Nope]", "[Nope, Linear(3)]", "[Linear(3), Nope(]", "[,]", "[]", "[ ,Linear(3)]",
        "[assembly: Linear(3)]", "[return: Linear(3)]", "[method: Linear(3)]",
    ];

    [Theory, MemberData(nameof(Attributes))]
    public void Attributes_of_a_block(string attributes) => Check(Usings + $$"""
        [Model, Input("dim")]
        public sealed partial class Broken(int dim, double rate)
        {
            {{attributes}}
            private partial Tensor Body(Tensor x);

            [Linear(3), Output]
            private partial Tensor Logits(Tensor x);
        }

        [Model, Input("dim")]
        public sealed partial class Half(int dim)
        {
            [Linear("dim")]
            private partial Tensor Body(Tensor x);
        }
        """);

    [Theory, MemberData(nameof(Attributes))]
    public void The_same_attributes_on_the_class(string attributes) => Check(Usings + $$"""
        [Model]
        {{attributes}}
        public sealed partial class Broken(int dim, double rate)
        {
            [Input(4), Linear(3)]
            private partial Tensor Body(Tensor x);

            [Linear(3, TiedTo = nameof(Body)), Output]
            private partial Tensor Logits(Tensor x);
        }

        [Model, Input("dim")] public sealed partial class Half(int dim) { }
        """);

    /// <summary>Members and types that no model can be made of.</summary>
    public static TheoryData<string> Declarations =>
    [
        "[Model] class NotPartial { [Linear(3)] private partial Tensor Body(Tensor x); }",
        "[Model] partial class Empty;",
        "[Model] partial class Empty { }",
        "[Model] partial class Unclosed { [Linear(3)] private partial Tensor Body(Tensor x)",
        "[Model] partial class Unclosed { [Linear(3)] private partial",
        "[Model] partial class",
        "[Model] partial",
        "[Model]",
        "[Model, Model] partial class Twice { [Linear(3)] private partial Tensor Body(Tensor x); }",
        "[Model] partial struct S { [Linear(3)] private partial Tensor Body(Tensor x); }",
        "[Model] partial record R { [Linear(3)] private partial Tensor Body(Tensor x); }",
        "[Model] partial record R(int dim) { [Linear(3)] private partial Tensor Body(Tensor x); }",
        "[Model] partial record struct R(int dim) { [Linear(3)] private partial Tensor Body(Tensor x); }",
        "[Model] partial interface I { [Linear(3)] partial Tensor Body(Tensor x); }",
        "[Model] enum E { A }",
        "[Model] delegate void D();",
        "[Model] static partial class S { [Linear(3)] private static partial Tensor Body(Tensor x); }",
        "[Model] abstract partial class A { [Linear(3)] public abstract Tensor Body(Tensor x); }",
        "[Model, Input(3)] file partial class F { [Linear(3)] private partial Tensor Body(Tensor x); }",
        "file partial class Outer { [Model, Input(3)] partial class F { [Linear(3)] private partial Tensor Body(Tensor x); } }",
        "[Model, Input(3)] partial class B : System.Exception { [Linear(3)] private partial Tensor Body(Tensor x); }",
        "[Model, Input(3)] partial class B : Nope { [Linear(3)] private partial Tensor Body(Tensor x); }",
        "[Model, Input(3)] partial class B : B { [Linear(3)] private partial Tensor Body(Tensor x); }",
        "[Model, Input(3)] partial class B : Model { [Linear(3)] private partial Tensor Body(Tensor x); }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial Tensor Body(Tensor x); [Linear(3)] private partial Tensor Body(Tensor x); }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial Tensor Body(Tensor x); [Linear(3)] private partial Tensor Body(int x); public "
            + "override Tensor forward(Tensor x) => Body(Body(x)); }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial Tensor Body(Tensor x); } [Model, Input(3)] partial class B { [Linear(3)] private "
            + "partial Tensor Body(Tensor x); }",
        "[Model, Input(3)] partial class B { [Linear(3)] private Tensor Body(Tensor x) => x; }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial Tensor Body(Tensor x); private partial Tensor Body(Tensor x) => x; }",
        "[Model, Input(3)] partial class B { [Linear(3)] partial void Body(Tensor x); }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial Tensor Body(); }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial Tensor Body(Tensor x, Tensor y); }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial Tensor Body(ref Tensor x); }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial ref Tensor Body(Tensor x); }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial Tensor? Body(Tensor? x); }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial T Body<T>(T x); }",
        "[Model, Input(3)] partial class B { [Linear(3)] private static partial Tensor Body(Tensor x); }",
        "[Model, Input(3)] partial class B { [Linear(3)] private async partial Tensor Body(Tensor x); }",
        "[Model, Input(3)] partial class B { [Linear(3)] public Tensor Body { get; set; } }",
        "[Model, Input(3)] partial class B { [Linear(3)] private Tensor body; }",
        "[Model, Input(3)] partial class B { [Linear(3)] public B() { } }",
        "[Model, Input(3)] partial class B { [Linear(3)] public static Tensor operator +(B a, Tensor x) => x; }",
        "[Model, Input(3)] partial class B { void M() { [Linear(3)] Tensor Local(Tensor x) => x; } }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial Tensor (Tensor x); }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial Tensor Body(Tensor); }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial Nope Body(Nope x); }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial Tensor forward(Tensor x); }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial Tensor Plan(Tensor x); [Linear(3)] private partial Tensor Layers(Tensor x); "
            + "[Linear(3)] private partial Tensor B(Tensor x); }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial Tensor x(Tensor x); [Linear(3)] private partial Tensor y(Tensor x); [Linear(3)] "
            + "private partial Tensor input(Tensor x); }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial Tensor Body(Tensor x); public override Tensor forward(Tensor x, int y) => x; }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial Tensor Body(Tensor x); public override Tensor forward(Tensor x) => Body( }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial Tensor Body(Tensor x); public override Tensor forward(Tensor x) { var y = cat([], "
            + "0); y += y; return Body(nope) + ; } }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial Tensor Body(Tensor x); public override Tensor forward(Tensor x) { while (true) x = "
            + "forward(x); } }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial Tensor Body(Tensor x); nn.Module[] a; nn.Module b, c; "
            + "System.Collections.Generic.List<nn.Module> Heads { get; } TorchSharp.Modules.Parameter p; }",
        "[Model, Input(3)] partial class B { [Linear(3)] private partial Tensor Body(Tensor x); [Name(\"body\")] nn.Module b; [Name(null)] nn.Module c; "
            + "[Name] nn.Module d; [Name(\"\")] nn.Module e; }",
        "[Model, Input(3)] partial class B(int, double) { [Linear(\"dim\")] private partial Tensor Body(Tensor x); }",
        "[Model, Input(3)] partial class B(int dim, int dim) { [Linear(\"dim\")] private partial Tensor Body(Tensor x); }",
        "[Model, Input(3)] partial class B(int dim) { const int dim = 3; static readonly int dim = 4; [Linear(\"dim\")] private partial Tensor Body(Tensor "
            + "x); }",
        "[Model, Input(3)] partial class B(Nope dim) { [Linear(\"dim\")] private partial Tensor Body(Tensor x); }",
        "[Model, Input(3)] partial class B { const int dim = dim; const int other = nope; [Linear(\"dim + other\")] private partial Tensor Body(Tensor x); }",
        "[Model, Input(\"index\")] partial class B(int index) { [Stack<C>(\"index\", Repeat = \"index\")] private partial Tensor Body(Tensor x); } [Model, "
            + "Input(\"d\")] partial class C(int d) { [Linear(\"d\")] private partial Tensor Body(Tensor x); }",
        "[Model, Input(3)] partial class A { [Stack<A>] private partial Tensor Body(Tensor x); }",
        "[Model, Input(3)] partial class A { [Stack<B>] private partial Tensor Body(Tensor x); } [Model, Input(3)] partial class B { [Stack<A>] private "
            + "partial Tensor Body(Tensor x); }",
        "[Model, Input(3)] partial class A<T> { [Stack<A<A<T>>>] private partial Tensor Body(Tensor x); }",
        "[Model, Input(3)] partial class A<T> { [Stack<A<int>>] private partial Tensor Body(Tensor x); }",
        "[Model, Input(3)] partial class A { [Stack<B>(\"1.5\")] private partial Tensor Body(Tensor x); } [Model] partial class B(string s, Nope n) { }",
        "[Model, Input(\"nope\"), Objective((ObjectiveKind)77), LabelSmoothing(2), GradientClip(-1)] partial class A { [Linear(\"nope\")] private partial "
            + "Tensor Body(Tensor x); }",
        "[Model, Input(\"T\", DType = ScalarType.Int64)] partial class A { [Embedding(\"nope\", 4)] private partial Tensor Embed(Tensor x); [Linear(4, TiedTo "
            + "= nameof(Embed))] private partial Tensor Logits(Tensor x); }",
        "[Model, Input(\"T\", DType = (ScalarType)99)] partial class A { [Embedding(4, 4)] private partial Tensor Embed(Tensor x); [Linear(4, TiedTo = "
            + "nameof(Embed)), Name(\"embed\")] private partial Tensor Logits(Tensor x); }",
        "interface I<out T> { [Model, Input(3)] public partial class A { [Linear(3)] private partial Tensor Body(Tensor x); } }",
        "partial interface I<out T> { [Model, Input(3)] public partial class A { [Linear(3)] private partial Tensor Body(Tensor x); } }",
        "class NotPartial { [Model, Input(3)] public partial class A { [Linear(3)] private partial Tensor Body(Tensor x); } }",
        "namespace N { namespace { [Model, Input(3)] public partial class A { [Linear(3)] private partial Tensor Body(Tensor x); } } }",
        "extension E { [Model] partial class X { } }",
    ];

    [Theory, MemberData(nameof(Declarations))]
    public void Types_and_members(string declaration) => Check(Usings + declaration);

    [Fact]
    public void No_usings() => Check("[Model, Input(3)] partial class A { [Linear(3)] private partial Tensor Body(Tensor x); }");

    [Fact]
    public void An_attribute_of_the_same_name() => Check("""
        namespace SourceNet { class ModelAttribute : System.Attribute { } class LinearAttribute : System.Attribute { } }
        [SourceNet.Model] partial class A { [SourceNet.Linear] private partial TorchSharp.torch.Tensor Body(TorchSharp.torch.Tensor x); }
        """);

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void Missing_references(bool torchSharp, bool sourceNet)
    {
        var references = Compiler.Framework.Concat(torchSharp ? [Compiler.TorchSharp] : []).Concat(sourceNet ? [Compiler.SourceNet] : []);

        Check(Compiler.Compile(Gallery.Files).WithReferences(references));
        Check(Compiler.Compile(Gallery.Files).WithReferences());
    }

    [Fact]
    public void Expressions_of_any_size()
    {
        foreach (var text in new[]
        {
            new string('(', 5000) + "dim" + new string(')', 5000), string.Join(" + ", Enumerable.Repeat("dim", 5000)), new string('-', 900) + "1",
            string.Concat(Enumerable.Repeat("(dim / ", 40)) + "2" + new string(')', 40),
            string.Join(" * ", Enumerable.Range(0, 49).Select(i => $"(dim + {i})")), string.Join(" * ", Enumerable.Repeat("2147483647", 49)),
            new string('9', 900), new string('a', 900), "1" + new string('e', 300), string.Concat(Enumerable.Repeat("dim*", 200)) + "1",
        })
        {
            Attributes_of_a_block($"[Linear(\"{text}\")]");
            Attributes_of_a_block($"[Dropout(\"{text}\")]");
            Attributes_of_a_block($"[Reshape(\"{text}\", \"{text}\")]");
        }
    }

    [Fact]
    public void Many_layers_and_deep_stacks()
    {
        Check(Usings
            + $"[Model, Input(3)] partial class A {{ [{string.Join(", ", Enumerable.Repeat("Linear(3), Activation(ReLU)", 500))}] private partial Tensor "
                + $"Body(Tensor x); }}");
        var deep = string.Concat(Enumerable.Range(0, 30)
            .Select(i => $"[Model, Input(3)] partial class C{i} {{ [Stack<C{i + 1}>] private partial Tensor Body(Tensor x); }}\n"));
        Check(Usings + deep + "[Model, Input(3)] partial class C30 { [Linear(3)] private partial Tensor Body(Tensor x); }");
        var bushy = string.Concat(Enumerable.Range(0, 5)
            .Select(i => $"[Model, Input(3)] partial class C{i} {{ [Stack<C{i + 1}>, Stack<C{i + 1}>] private partial Tensor Body(Tensor x); }}\n"));
        Check(Usings + bushy + "[Model, Input(3)] partial class C5 { [Linear(3)] private partial Tensor Body(Tensor x); }");
    }

    private static void Check(string text) => Check(Compiler.Compile(text));

    private static void Check(Compilation compilation)
    {
        foreach (var source in Compiler.Run(compilation).GeneratedSources)
        {
            var errors = CSharpSyntaxTree.ParseText(source.SourceText, Compiler.ParseOptions).GetDiagnostics();
            Assert.True(!errors.Any(), $"{string.Join("\n", errors)}\n{source.SourceText}");
        }
    }
}
