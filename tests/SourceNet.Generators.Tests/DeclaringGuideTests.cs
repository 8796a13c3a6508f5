using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SourceNet.Generators.Tests;

/// <summary>The models that <c>docs/declaring-models.md</c> shows can be generated, and what it does with them compiles.</summary>
public sealed partial class DeclaringGuideTests
{
    /// <summary>What a reader has already: the usings, a model of his own, data.</summary>
    private const string Given =
        """
        global using SourceNet;
        global using TorchSharp;
        global using static SourceNet.ActivationKind;
        global using static SourceNet.InitKind;
        global using static SourceNet.NormKind;
        global using static SourceNet.ObjectiveKind;
        global using static TorchSharp.torch;
        global using static Given;

        [Model, Input(3, 224, 224)]
        public sealed partial class Backbone
        {
            [Conv2d(512, Kernel = 3), GlobalAveragePool]
            private partial Tensor Features(Tensor x);
        }

        internal static class Given
        {
            public static VariationalAutoencoder model => null!;
            public static Tensor images => null!;
            public static Tensor test => null!;
            public static IEnumerable<(Tensor Images, Tensor Labels)> batches => null!;
        }
        """;

    private static IReadOnlyList<string> Blocks { get; } =
    [
        .. BlockPattern().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "declaring-models.md")).ReplaceLineEndings("\n"))
            .Select(match => match.Groups[1].Value),
    ];

    private static IReadOnlyList<string> Models { get; } = [.. Blocks.Where(block => block.Contains(" class ", StringComparison.Ordinal))];

    /// <summary>Neither classes nor members of one.</summary>
    public static TheoryData<string> Statements => [.. Blocks.Where(block => !block.Contains("partial ", StringComparison.Ordinal))];

    [Fact]
    public void Every_model_of_the_page_is_generated_whole()
    {
        Assert.InRange(Models.Count, 6, 50);
        var output = Generated("");

        Assert.DoesNotContain(output.SyntaxTrees, tree => tree.ToString().Contains("cannot be expanded", StringComparison.Ordinal));
        Assert.Contains(output.SyntaxTrees, tree => tree.ToString().Contains("partial class LlamaBlock : global::SourceNet.Model", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public void What_is_done_with_models_compiles(string statements) => Generated(statements);

    private static Compilation Generated(string statements)
    {
        var compilation = Compiler.Compile(
            [("Sample.cs", statements), ("Given.cs", Given), .. Models.Select((model, index) => ($"Model{index}.cs", model))]);
        var kind = statements.Length > 0 ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        CSharpGeneratorDriver.Create([new ModelGenerator().AsSourceGenerator()], parseOptions: Compiler.ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation.WithOptions(compilation.Options.WithOutputKind(kind)), out var output, out _);

        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return output;
    }

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex BlockPattern();
}
