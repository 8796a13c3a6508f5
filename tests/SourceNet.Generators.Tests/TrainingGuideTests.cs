using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SourceNet.Generators.Tests;

/// <summary>What <c>docs/training.md</c> shows compiles as it stands, the lines of its comparison too.</summary>
public sealed partial class TrainingGuideTests
{
    /// <summary>What a reader has already: a model, a part of it, data, a training.</summary>
    private const string Given =
        """
        global using SourceNet;
        global using SourceNet.Training;
        global using TorchSharp;
        global using static Given;
        global using static TorchSharp.torch;

        [Model, Input(3, 32, 32)]
        public sealed partial class SimpleCnn
        {
            [Conv2d(8)]
            private partial Tensor Features(Tensor x);

            [Linear(10), Output]
            private partial Tensor Logits(Tensor x);
        }

        internal static class Given
        {
            public static SimpleCnn model => null!;
            public static nn.Module backbone => null!;
            public static IBatchSource train => null!;
            public static IBatchSource validation => null!;
            public static Trainer trainer => null!;
            public static TrainingRun run => null!;
        }
        """;

    /// <summary>What other blocks of the page declare.</summary>
    private const string Augmentation = "[Augmentation, RandomCrop(32)] public sealed partial class CifarAugmentation;";
    private const string Callback = "internal sealed class Thaw(nn.Module part) : ITrainingCallback { public nn.Module Part => part; }";

    private static string Page { get; } = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "training.md")).ReplaceLineEndings("\n");

    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, BlockPattern().Count(Page))];

    public static TheoryData<string> Lines =>
        [.. Page.Split('\n').SkipWhile(line => !line.StartsWith("| | SourceNet |")).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .SelectMany(row => CodePattern().Matches(row.Split(" | ")[1]).Select(match => match.Groups[1].Value))];

    [Fact]
    public void The_page_has_blocks_and_a_comparison()
    {
        Assert.InRange(Blocks.Count, 5, 50);
        Assert.InRange(Lines.Count, 20, 100);
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Every_block_compiles(int index)
    {
        var block = BlockPattern().Matches(Page)[index].Groups[1].Value;
        (string Text, string Declares)[] elsewhere = [(Augmentation, "class CifarAugmentation"), (Callback, "class Thaw")];
        string[] others = [.. elsewhere.Where(other => !block.Contains(other.Declares)).Select(other => other.Text)];
        var statements = CSharpSyntaxTree.ParseText(block, Compiler.ParseOptions).GetCompilationUnitRoot().Members.Any(SyntaxKind.GlobalStatement);
        AssertCompiles(block, statements ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, others);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Every_line_of_the_comparison_compiles(string line)
    {
        var source = line switch
        {
            ['[', ..] =>
                $"[Model, Input(4), {line[1..]} public sealed partial class Declared {{ [Linear(2), Output] private partial Tensor Logits(Tensor x); }}",
            _ when OptionPattern().IsMatch(line) => $"internal static class Options {{ public static TrainerOptions Of() => new() {{ {line} }}; }}",
            _ => $"internal static class Statement {{ public static void Do() {{ {line}; }} }}",
        };
        AssertCompiles(source, OutputKind.DynamicallyLinkedLibrary, Callback);
    }

    private static void AssertCompiles(string source, OutputKind kind, params string[] others)
    {
        var compilation = Compiler.Compile([("Sample.cs", source), ("Given.cs", Given), .. others.Select((other, index) => ($"Other{index}.cs", other))]);
        ISourceGenerator[] generators = [new ModelGenerator().AsSourceGenerator(), new AugmentationGenerator().AsSourceGenerator()];
        CSharpGeneratorDriver.Create(generators, parseOptions: Compiler.ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation.WithOptions(compilation.Options.WithOutputKind(kind)), out var output, out _);

        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
    }

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex BlockPattern();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodePattern();

    [GeneratedRegex(@"^\w+ = ")]
    private static partial Regex OptionPattern();
}
