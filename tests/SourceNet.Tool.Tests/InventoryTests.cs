using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SourceNet.Tool.Inventory;
using SourceNet.Tool.Loading;

namespace SourceNet.Tool.Tests;

/// <summary>What the audit finds in models, wherever it is written.</summary>
public class InventoryTests
{
    [Theory]
    [InlineData("layer = TransformerEncoderLayer(64, 4, 128, 0.9)", "layer.call(x, null!, null!)", "layer Dropout 0.9")]
    [InlineData("layer = LSTM(16, 16, numLayers: 2, dropout: 0.9)", "((TorchSharp.Modules.LSTM)layer).call(x).Item1", "layer Dropout 0.9")]
    [InlineData("layer = MultiheadAttention(64, 4, dropout: 0.9)", "layer.call(x, x, x, null, true, null).Item1", "layer Dropout 0.9")]
    [InlineData("layer = Linear(8, 8)", "functional.dropout(layer.call(x), 0.9, training)", "forward Dropout 0.9")]
    [InlineData("layer = Linear(8, 8)", "functional.scaled_dot_product_attention(x, x, layer.call(x), p: 0.9)", "forward Dropout 0.9")]
    [InlineData("layer = Helper.Make()", "layer.call(x)", "layer.1 Dropout 0.9")]
    [InlineData("layer = new SourceNet.Layers.DropPath(0.9)", "x + layer.call(x)", "layer DropPath 0.9")]
    [InlineData("layer = new SourceNet.Layers.Attention(8, 2, dropout: 0.9)", "layer.call(x)", "layer Dropout 0.9")]
    public void A_dropout_is_found_wherever_a_hand_written_model_has_it(string made, string forward, string expected)
    {
        var type = made.Contains("Helper", StringComparison.Ordinal) ? "Module<Tensor, Tensor>"
            : made.Contains("new ", StringComparison.Ordinal) ? made.Split("new ")[1].Split('(')[0]
            : $"TorchSharp.Modules.{made.Split("= ")[1].Split('(')[0]}";
        var model = Assert.Single(Read($$"""
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly {{type}} {{made}};
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => {{forward}};
            }

            public static class Helper
            {
                public static Module<Tensor, Tensor> Make()
                {
                    var made = Sequential(Linear(8, 8), Dropout(0.9));
                    return made;
                }
            }
            """), model => model.Name == "Net");

        Assert.Contains(expected, model.Regularization.Select(entry => $"{entry.Where} {entry.Kind} {entry.Strength}"));
    }

    [Fact]
    public void Layers_that_a_loop_adds_are_found_and_not_counted()
    {
        var model = Assert.Single(Read("""
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly TorchSharp.Modules.Sequential body;

                public Net(int depth) : base("net")
                {
                    var parts = new List<Module<Tensor, Tensor>>();
                    for (var i = 0; i < depth; i++)
                    {
                        parts.Add(Linear(8, 8));
                        parts.Add(Dropout(0.9));
                    }

                    body = Sequential(parts);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => body.call(x);
            }
            """));

        Assert.Contains(model.Regularization, entry => entry is { Kind: "Dropout", Strength: "0.9" });
        Assert.Null(model.Parameters);
    }

    [Fact]
    public void A_sequence_that_a_program_makes_is_a_model()
    {
        var models = Read("""
            public static class Factory
            {
                private static readonly TorchSharp.Modules.Sequential s_kept = Sequential(Linear(4, 2));

                public static Module<Tensor, Tensor> Create() => Sequential(Linear(8, 8), Dropout(0.9), Linear(8, 2));
            }
            """);

        Assert.Equal(["Factory.Create.Sequential", "Factory.s_kept"], models.Select(model => model.Name));
        Assert.Equal("90", models[0].Parameters);
        Assert.Contains(models[0].Regularization, entry => entry is { Kind: "Dropout", Strength: "0.9" });
    }

    [Fact]
    public void The_parts_of_a_declared_model_regularize_it_too_and_norms_and_tables_do_not_decay()
    {
        var model = Assert.Single(Read("""
            [Model, Input(8), WeightDecay(0.01)]
            public sealed partial class Net
            {
                private readonly TorchSharp.Modules.Dropout drop = Dropout(0.5);
                private readonly TorchSharp.Modules.LayerNorm norm = LayerNorm(8);
                private readonly TorchSharp.Modules.Embedding table = Embedding(10, 8);
                private readonly TorchSharp.Modules.Linear mix = Linear(8, 8);
                [Linear(2), Output] private partial Tensor Head(Tensor x);
                public override Tensor forward(Tensor input) => Head(drop.call(mix.call(norm.call(input))));
            }
            """));

        Assert.Contains(model.Regularization, entry => entry is { Where: "drop", Kind: "Dropout", Strength: "0.5", Provenance: "code" });
        Assert.Equal(
            ["head.linear.weight", "mix.weight"],
            model.Regularization.Where(entry => entry is { Kind: "WeightDecay", Strength: "0.01" }).Select(entry => entry.Where));
        Assert.True(model.IsComplete);
        Assert.Equal($"{(8 * 2) + 2 + 16 + 80 + 72}", model.Parameters);
    }

    [Fact]
    public void A_recurrent_layer_counts_as_many_parameters_as_it_has()
    {
        var models = Read("""
            public sealed class Net : Module<Tensor, Tensor>
            {
                private readonly TorchSharp.Modules.LSTM lstm = LSTM(8, 16, numLayers: 2, bidirectional: true);
                private readonly TorchSharp.Modules.GRU gru = GRU(32, 4, bias: false);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => gru.call(lstm.call(x).Item1).Item1;
            }
            """);

        // For each direction: four gates over the input and the state, two biases; the second layer gets both directions. Then three gates without.
        var lstm = 2 * (4 * 16 * (8 + 16 + 2) + (4 * 16 * (32 + 16 + 2)));
        Assert.Equal($"{lstm + (3 * 4 * (32 + 4))}", Assert.Single(models).Parameters);
    }

    private static IReadOnlyList<ModelEntry> Read(string code)
    {
        const string usings = """
            using System.Collections.Generic;
            using SourceNet;
            using TorchSharp;
            using static TorchSharp.torch;
            using static TorchSharp.torch.nn;

            """;
        var compilation = CSharpCompilation.Create(
            "Audited",
            [CSharpSyntaxTree.ParseText(usings + code, path: "/Audited/Models.cs")],
            [
                .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                    .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal)
                        || Path.GetFileName(path) is "netstandard.dll" or "mscorlib.dll")
                    .Select(path => MetadataReference.CreateFromFile(path)),
                MetadataReference.CreateFromFile(Metadata("TorchSharp")),
                MetadataReference.CreateFromFile(
                    Path.Combine(Metadata("RepositoryRoot"), "src", "SourceNet", "bin", Metadata("Configuration"), "net8.0", "SourceNet.dll")),
            ],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        return InventoryReader.Read([new LoadedProject("Audited", compilation, new AnalyzerOptions([]))], "/Audited", CancellationToken.None);
    }

    private static string Metadata(string key) =>
        typeof(InventoryTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}
