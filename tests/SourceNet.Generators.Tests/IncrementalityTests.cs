using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SourceNet.Modeling.Graph;
using static Microsoft.CodeAnalysis.IncrementalStepRunReason;

namespace SourceNet.Generators.Tests;

/// <summary>A keystroke recomputes no more than it changes: the editor runs the generator after each one.</summary>
public class IncrementalityTests
{
    private const string Block = """
        using SourceNet;
        using static TorchSharp.torch;

        [Model, Input("dim")]
        public sealed partial class Block(int dim, double rate = 0.1)
        {
            [Residual, Linear(nameof(dim)), Dropout(nameof(rate))]
            private partial Tensor Body(Tensor x);
        }
        """;

    private const string Parent = """
        using SourceNet;
        using static TorchSharp.torch;

        [Model, Input(8), WeightDecay(0.1)]
        public sealed partial class Parent(int layers)
        {
            // How deep it is.
            [Stack<Block>("8", Repeat = nameof(layers))]
            private partial Tensor Blocks(Tensor x);

            [Dropout(0.25), Linear(4), Output]
            private partial Tensor Logits(Tensor x);
        }
        """;

    private const string Other = """
        using SourceNet;
        using static TorchSharp.torch;

        [Model, Input(8)]
        public sealed partial class Other
        {
            [Linear(4), Output]
            private partial Tensor Logits(Tensor x);
        }
        """;

    private const string Unrelated = "class Unrelated { int One() => 1; }";

    private static readonly string[] s_sources = [Block, Parent, Other, Unrelated];

    public static TheoryData<string, int, string, string, string[]> Edits => new()
    {
        // what, in which source, from, to, the models that are generated anew
        { "nothing", 3, "One", "One", [] },
        { "unrelated code", 3, "=> 1", "=> 2", [] },
        { "a new unrelated type", 3, "class", "class Another { } class", [] },
        { "a comment in a model", 1, "How deep it is.", "Its depth.", [] },
        { "white space in a model", 1, "[Dropout(0.25), Linear(4), Output]", "[ Dropout( 0.25 ),\n\n    Linear(4), Output ]", [] },
        { "the spelling of a number", 1, "0.25", "2.5e-1", [] },
        { "a rate", 1, "0.25", "0.5", ["Parent"] },
        { "a size", 2, "Linear(4)", "Linear(5)", ["Other"] },
        { "a weight decay", 1, "WeightDecay(0.1)", "WeightDecay(0.2)", ["Parent"] },
        { "a block's name", 2, "Logits", "Classes", ["Other"] },
        { "the rate of a stacked block", 0, "Linear(nameof(dim)), Dropout(nameof(rate))", "Linear(nameof(dim)), Dropout(\"rate / 2\")", ["Block", "Parent"] },
        { "a size in a stacked block", 0, "Linear(nameof(dim))", "Linear(\"2 * dim\")", ["Block", "Parent"] },
        { "a body beside the blocks", 2, "[Linear(4)", "public int Count() => 3;\n    [Linear(4)", ["Other"] },
        { "inside of a body", 3, "One() => 1", "Two() => 2", [] },
    };

    [Theory, MemberData(nameof(Edits))]
    public void An_edit_regenerates_what_it_changes(string what, int source, string from, string to, string[] regenerated)
    {
        var (driver, compilation) = Start();
        Assert.Contains(from, s_sources[source]);
        var tree = compilation.SyntaxTrees.Single(tree => tree.FilePath == $"{source}.cs");
        var edited = compilation.ReplaceSyntaxTree(tree, Compiler.Parse(s_sources[source].Replace(from, to), tree.FilePath));

        var result = Compiler.Run(driver, edited, out _, out _);

        var graphs = Reasons(result);
        Assert.Equal(["Block", "Other", "Parent"], graphs.Keys.Order());
        Assert.True(
            regenerated.SequenceEqual(graphs.Where(pair => pair.Value is Modified or New).Select(pair => pair.Key).Order()),
            $"{what}: {string.Join(", ", graphs)}");
        var outputs = result.TrackedOutputSteps.Values.SelectMany(steps => steps).SelectMany(step => step.Outputs).Select(output => output.Reason).ToList();
        Assert.Equal(regenerated.Length, outputs.Count(reason => reason is Modified or New));
        Assert.Equal(3 - regenerated.Length, outputs.Count(reason => reason is Cached or Unchanged));
    }

    [Fact]
    public void A_second_model_leaves_the_first_alone()
    {
        var (driver, compilation) = Start();
        var added = compilation.AddSyntaxTrees(Compiler.Parse(Other.Replace("Other", "Fourth"), "4.cs"));

        var result = Compiler.Run(driver, added, out var next, out _);

        Assert.Equal(New, Reasons(result)["Fourth"]);
        Assert.All(Reasons(result).Where(pair => pair.Key != "Fourth"), pair => Assert.True(pair.Value is Cached or Unchanged, pair.ToString()));

        result = Compiler.Run(next, compilation, out _, out _);

        Assert.All(Reasons(result).Where(pair => pair.Key != "Fourth"), pair => Assert.True(pair.Value is Cached or Unchanged, pair.ToString()));
        Assert.Equal(3, result.GeneratedSources.Length);
    }

    [Fact]
    public void A_reference_that_changes_nothing_regenerates_nothing()
    {
        var (driver, compilation) = Start();
        var library = CSharpCompilation.Create("Library", [], Compiler.Framework, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

        var result = Compiler.Run(driver, compilation.AddReferences(library.ToMetadataReference()), out _, out _);

        Assert.All(Reasons(result).Values, reason => Assert.True(reason is Cached or Unchanged, reason.ToString()));
    }

    /// <summary>A symbol, a tree or a compilation in a cached value would keep the whole compilation alive, and is never equal to the next one.</summary>
    [Fact]
    public void No_step_holds_on_to_the_compilation()
    {
        var result = Compiler.Run(Compiler.Compile(Gallery.Files));
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        Type[] forbidden = [
            typeof(ISymbol),
            typeof(SyntaxNode),
            typeof(SyntaxTree),
            typeof(SyntaxReference),
            typeof(Compilation),
            typeof(Location),
            typeof(SemanticModel),
            typeof(AttributeData),
            typeof(Microsoft.CodeAnalysis.Text.SourceText)
        ];
        Assert.NotEmpty(result.TrackedSteps[ModelGenerator.Steps.Declarations]);
        Assert.NotEmpty(result.TrackedSteps[ModelGenerator.Steps.Graphs]);

        foreach (var (name, steps) in result.TrackedSteps.Where(pair => IsOurs(pair.Key)))
        {
            foreach (var output in steps.SelectMany(step => step.Outputs))
            {
                Walk(output.Value, name);
            }
        }

        Assert.InRange(seen.Count, 1000, int.MaxValue);

        void Walk(object? value, string path)
        {
            if (value is null || value is string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
            {
                return;
            }

            Assert.False(forbidden.Any(type => type.IsInstanceOfType(value)), $"{path} is a {value.GetType()}");
            Assert.False(value is Delegate, $"{path} is a delegate");
            if (value is IEnumerable items)
            {
                foreach (var item in items)
                {
                    Walk(item, path + "[]");
                }
            }

            for (var type = value.GetType(); type is not null; type = type.BaseType)
            {
                foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                {
                    Walk(field.GetValue(value), $"{path}.{field.Name}");
                }
            }
        }
    }

    private static bool IsOurs(string step) => typeof(ModelGenerator.Steps).GetFields().Any(field => (string?)field.GetRawConstantValue() == step);

    private static (GeneratorDriver Driver, CSharpCompilation Compilation) Start()
    {
        var compilation = Compiler.Compile(s_sources.Select((text, index) => ($"{index}.cs", text)));
        Compiler.Run(Compiler.Driver(), compilation, out var driver, out var output);
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return (driver, compilation);
    }

    private static Dictionary<string, IncrementalStepRunReason> Reasons(GeneratorRunResult result) => result.TrackedSteps[ModelGenerator.Steps.Graphs]
        .SelectMany(step => step.Outputs)
        .Where(output => output.Reason != Removed)
        .ToDictionary(output => ((LayerGraph)output.Value).Declaration!.Type.Name, output => output.Reason);
}
