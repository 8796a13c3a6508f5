using Microsoft.CodeAnalysis;

namespace SourceNet.Generators.Tests;

/// <summary>Names and types that are legal, if odd: what is generated for them compiles, without a warning.</summary>
public class OddDeclarationTests
{
    public static TheoryData<string> Declarations =>
    [
        // Names of blocks and of their parameters.
        "[Linear(3)] private partial Tensor x(Tensor x); [Linear(3)] private partial Tensor y(Tensor y); [Linear(3)] private partial Tensor input(Tensor "
            + "input); [Linear(3)] private partial Tensor layers(Tensor layers);",
        "[Linear(3)] private partial Tensor @class(Tensor @event); [Linear(3), Residual] private partial Tensor Logits(Tensor @in);",
        "[Linear(3), Activation(ReLU), Linear(3)] private partial Tensor A(Tensor linear1); [Linear(3), Activation(ReLU)] private partial Tensor B(Tensor "
            + "activation);",
        "[Linear(3)] private partial Tensor Blöcke(Tensor größe); [Linear(3)] private partial Tensor 層(Tensor x);",
        "[Linear(3)] private partial Tensor Linear(Tensor x); [Linear(3)] private partial Tensor Tensor(Tensor x); [Linear(3)] private partial Tensor "
            + "global(Tensor x); [Linear(3)] private partial Tensor TorchSharp(Tensor x); [Linear(3)] private partial Tensor System(Tensor x);",
        // Names of layers.
        "[Linear(3, Name = \"x\"), Linear(3, Name = \"input\"), Linear(3, Name = \"scope\"), Linear(3, Name = \"class\"), Linear(3, Name = \"0\"), Linear(3, "
            + "Name = \"a-b\"), Linear(3, Name = \"a_b\")] private partial Tensor A(Tensor x);",
        "[Name(\"\"), Linear(3), WeightNorm] private partial Tensor A(Tensor x); [Name(\"layers\"), Linear(3)] private partial Tensor B(Tensor x); "
            + "[Name(\"a.b.c\"), Linear(3)] private partial Tensor C(Tensor x); [Name(\"training\"), Linear(3)] private partial Tensor D(Tensor x);",
        "[Stack<Inner>(\"3\"), Name(\"layers\")] private partial Tensor A(Tensor x); [Stack<Inner>(\"3\"), Name(\"inherited\")] private partial Tensor "
            + "B(Tensor x); [Stack<Inner>(\"3\"), Name(\"training\")] private partial Tensor C(Tensor training);",
        "[Stack<Inner>(\"3\"), Stack<Inner>(\"3\", Name = \"stack1\")] private partial Tensor A(Tensor x);",
        "[Embedding(9, 3, Name = \"scope\"), Name(\"\"), Input(4, DType = ScalarType.Int64)] private partial Tensor A(Tensor x); [Input(4, 3), Linear(9, "
            + "TiedTo = nameof(A), Name = \"scope\"), Name(\"b\")] private partial Tensor B(Tensor scope); public override Tensor forward(Tensor input) => "
                + "B(A(input));",
        // Names of members.
        "[Linear(3)] private partial Tensor A(Tensor x); private readonly nn.Module<Tensor, Tensor>[] layers = [], inherited = [], part = []; private "
            + "TorchSharp.Modules.Parameter replaced = new(zeros(1)), logits = new(zeros(1)); public override Tensor forward(Tensor input) => A(input);",
        "[Linear(3)] private partial Tensor A(Tensor x); [Linear(3)] private partial Tensor B(Tensor x); private const int a_linear = 1, b_linear = 2, "
            + "s_layers = 3, arguments = 4, l2 = 5; public static int Sum => a_linear + b_linear + s_layers + arguments + l2;",
        "[Linear(3), L2(\"rate\")] private partial Tensor A(Tensor x); public double Rate => rate;",
        "[Linear(3)] private partial Tensor A(Tensor x); private sealed class linear; private delegate void conv(); public event System.Action? Changed { add "
            + "{ } remove { } } public int this[int index] => index; public static implicit operator int(Odd odd) => 1; ~Odd() { }",
        "[Linear(3)] private partial Tensor A(Tensor x); private readonly nn.Module<Tensor, Tensor>? head = nn.Linear(3, 3); private nn.Module<Tensor, "
            + "Tensor>?[] some = [], none = null!; private System.Collections.Generic.List<nn.Module?>? more = []; private TorchSharp.Modules.Parameter? "
                + "scale = new(zeros(1)); private readonly TorchSharp.Modules.Parameter? shift = new(zeros(1)); public TorchSharp.Modules.Parameter? Fixed { "
                    + "get; } = new(zeros(1)); public override Tensor forward(Tensor input) { (head, more, scale, some, none).ToString(); return A(input); }",
        // What is on the way out.
        "[Linear(3), System.Obsolete] private partial Tensor A(Tensor x); [Linear(3), System.Obsolete(\"Old.\")] private partial Tensor B(Tensor x);",
        "[Linear(3)] private partial Tensor A(Tensor x); [System.Obsolete] private readonly nn.Module<Tensor, Tensor> head = nn.Linear(3, 3); "
            + "[System.Obsolete(\"Old.\")] public TorchSharp.Modules.Parameter Scale { get; set; } = new(zeros(1));",
        "[Stack<Old>] private partial Tensor A(Tensor x);",
        // Forms of blocks.
        "[Linear(3)] public partial Tensor A(Tensor x); [Linear(3)] internal partial Tensor B(Tensor x); [Linear(3)] private partial "
            + "global::TorchSharp.torch.Tensor C(global::TorchSharp.torch.Tensor x); [Linear(3)] private unsafe partial Tensor D(Tensor x);",
        "[Linear(3)] private partial Tensor A([System.Diagnostics.CodeAnalysis.NotNull] Tensor x); [Linear(3)] private partial Tensor B(Tensor x = null!);",
        "/// <summary>Does it.</summary>\n/// <param name=\"x\">What.</param>\n/// <returns>That.</returns>\n[Linear(3)] public partial Tensor A(Tensor x);",
        "[Linear(3)]\n#nullable disable\nprivate partial Tensor A(Tensor x);\n#nullable restore\n",
        // Types of constructor parameters and their values.
        "[Stack<Typed>(\"dim, dim, wide, wide, dim, rate, rate / 2, 1.5, dim / 2\")] private partial Tensor A(Tensor x);",
        "[Stack<Typed>(\"1, 2, 3000000000, 4, 5, 6, 7, 8, 9\")] private partial Tensor A(Tensor x);",
        "[Linear(\"wide\"), Dropout(\"small\"), Activation(ReLU), Linear(\"tiny\"), Linear(\"2 * Wide - 1\"), Dropout(\"Half / 2\"), Linear(\"s_wide\"), "
            + "Linear(3)] private partial Tensor A(Tensor x); private const long Wide = 5; private const float Half = 0.5f; private static readonly long "
                + "s_wide = 4;",
        "[Linear(\"-(-dim)\"), Linear(\"dim - -dim\"), Linear(\"dim / 2 * 2 + 1\"), Dropout(\"1 - -rate - (1 - rate) * 2 / -(-dim)\"), Linear(\"(dim + 1) * "
            + "(dim - 1) / (dim + 2)\")] private partial Tensor A(Tensor x);",
        "[Linear(\"dim\"), Residual, DropPath(\"rate / (1 + dim)\"), GaussianNoise(\"1e-3 * rate\")] private partial Tensor A(Tensor x);",
    ];

    [Theory, MemberData(nameof(Declarations))]
    public void Compiles_without_a_warning(string members) => Check($$"""
        using SourceNet;
        using TorchSharp;
        using static SourceNet.ActivationKind;
        using static TorchSharp.torch;

        namespace Odd.@namespace;

        [Model, Input(3)]
        internal sealed partial class Odd(int dim = 3, long wide = 4, float small = 0.1f, byte tiny = 2, double rate = 0.1)
        {
            {{members}}
        }

        [Model, Input(3), System.Obsolete("Old.")]
        internal sealed partial class Old
        {
            [Linear(3)]
            private partial Tensor Body(Tensor x);
        }

        [Model, Input("dim")]
        internal sealed partial class Inner(int dim)
        {
            [Linear("dim")]
            private partial Tensor Body(Tensor x);
        }

        [Model, Input(3)]
        internal sealed partial class Typed(int a, long b, long c, int d, byte e, double f, float g, double h, short i)
        {
            [Linear("a + b + c + d + e + i"), Dropout("f"), Dropout("g / 1000"), Dropout("h / 1000"), Linear(3)]
            private partial Tensor Body(Tensor x);
        }
        """);

    [Fact]
    public void Types_of_any_form() => Check("""
        using SourceNet;
        using TorchSharp.Modules;
        using static TorchSharp.torch;

        [Model, Input(3)] partial class @class<@int, T> where @int : struct where T : class, new() { [Linear(3)] private partial Tensor Body(Tensor x); }
        partial interface IZoo<T> { public partial struct Cage { [Model, Input(3)] public partial class Net { [Linear(3)] private partial Tensor Body(Tensor x); } } }
        partial record Zoo(int Keepers) { [Model, Input(3)] private protected partial class Net : Model { [Linear(3)] protected partial Tensor Body(Tensor x); [Linear(3)] public virtual partial Tensor Head(Tensor x); } }
        static partial class Nets { [Model, Input(3)] internal partial class Net { [Linear(3)] private partial Tensor Body(Tensor x); public Net() : this(1) { } public Net(int seed) => manual_seed(seed); } }
        ref partial struct Short { [Model, Input(3)] internal partial class Net { [Linear(3)] private partial Tensor Body(Tensor x); } }
        namespace @record.@partial { [Model, Input(3)] partial class @Await { [Linear(3)] private partial Tensor Body(Tensor x); } }
        """);

    private static void Check(string text)
    {
        var compilation = Compiler.Compile(text);
        compilation = compilation.WithOptions(compilation.Options.WithAllowUnsafe(true));
        Compiler.Run(Compiler.Driver(), compilation, out _, out var output);

        // What the author's own text causes is the author's.
        var own = compilation
            .GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning)
            .Select(diagnostic => (diagnostic.Id, diagnostic.Location))
            .ToHashSet();
        var found = output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning
            && !own.Contains((diagnostic.Id, diagnostic.Location))
            && diagnostic.Id is not ("CS1591" or "CS9113"));

        Assert.True(!found.Any(), string.Join("\n", found.Select(diagnostic => $"{diagnostic}\n    {Line(diagnostic.Location)}")));
    }

    private static string? Line(Location location) => location.SourceTree?.GetText().Lines[location.GetLineSpan().StartLinePosition.Line].ToString().Trim();
}
