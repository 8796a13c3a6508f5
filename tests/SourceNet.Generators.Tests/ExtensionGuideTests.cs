using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SourceNet.Generators.Tests;

/// <summary>
/// The layer, the activation and the regularizer that <c>docs/development.md</c> adds: put into the sources as they are, everything compiles, and a model that
/// declares them does too.
/// </summary>
public sealed partial class ExtensionGuideTests
{
    /// <summary>A declaration that uses all three.</summary>
    private const string Model = """
        namespace Demo;

        [SourceNet.Model, SourceNet.Input(4)]
        internal sealed partial class Extended
        {
            [SourceNet.Linear(8), SourceNet.Activation(SourceNet.ActivationKind.ReLUSquared), SourceNet.Scale(Start = 0.5)]
            private partial TorchSharp.torch.Tensor Hidden(TorchSharp.torch.Tensor x);

            [SourceNet.Linear(2), SourceNet.ZeroMean, SourceNet.Output]
            private partial TorchSharp.torch.Tensor Logits(TorchSharp.torch.Tensor x);
        }
        """;

    private static readonly string s_root = Path.GetFullPath(Path.Combine(ThisFile(), "..", "..", ".."));

    private static readonly string s_page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "development.md")).ReplaceLineEndings("\n");

    [Theory]
    [InlineData("Adding a layer", 7)]
    [InlineData("Adding a regularizer", 5)]
    [InlineData("Adding an activation", 3)]
    public void An_example_touches_few_files(string title, int count)
    {
        var files = Steps(title).Select(step => step.Path).ToList();
        Assert.Equal(count, files.Count);
        Assert.Equal(files.Distinct(), files);
    }

    [Fact]
    public void The_examples_compile_with_the_sources_and_so_does_a_model_that_declares_them()
    {
        var changed = new Dictionary<string, string>();
        foreach (var (path, code, isChange) in new[] { "Adding a layer", "Adding an activation", "Adding a regularizer" }.SelectMany(Steps))
        {
            Assert.NotEqual(isChange, !File.Exists(Path.Combine(s_root, path)));
            changed[path] = isChange ? Applied(changed.TryGetValue(path, out var text) ? text : Read(path), code, path) : code;
        }

        var library = Emit(
            "SourceNet",
            Sources(changed, [], "src/SourceNet"),
            [.. Compiler.Framework, Compiler.TorchSharp, .. Own("ICSharpCode.SharpZipLib.dll", "SkiaSharp.dll")]);
        var generators = Emit(
            "SourceNet.Generators",
            Sources(changed, ["SOURCENET_MODELING"], "generators/SourceNet.Modeling", "generators/SourceNet.Generators"),
            [.. Platform()]);

        var context = new AssemblyLoadContext(nameof(ExtensionGuideTests), isCollectible: true);
        var generator = (IIncrementalGenerator)Activator.CreateInstance(
            context.LoadFromStream(new MemoryStream(generators)).GetType("SourceNet.Generators.ModelGenerator", throwOnError: true)!)!;
        var compilation = CSharpCompilation.Create(
            "Demo",
            [Compiler.Parse(Model)],
            [.. Compiler.Framework, Compiler.TorchSharp, MetadataReference.CreateFromImage(library)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var result = Compiler.Run(Compiler.Driver(generator), compilation, out _, out var output);

        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        var generated = Assert.Single(result.GeneratedSources).SourceText.ToString();
        Assert.Contains("Scale", generated);
        Assert.Contains("new global::SourceNet.CompilerServices.Activations.ReLUSquared()", generated);
        Assert.Contains("ZeroMean()", generated);
        context.Unload();
    }

    [Theory]
    [InlineData(" a\n+b\n c", "x\n    a\n    c\ny", "x\n    a\nb\n    c\ny")]
    [InlineData(" a\n-b\n+c", "a\nb", "a\nc")]
    [InlineData(" a\n+1\n@@\n d\n+2", "a\nb\nc\nd", "a\n1\nb\nc\nd\n2")]
    public void Changes_are_put_where_their_lines_are(string change, string before, string after) => Assert.Equal(after, Applied(before, change, "file"));

    /// <summary>The files of a section, each new and whole or changed.</summary>
    private static IEnumerable<(string Path, string Code, bool IsChange)> Steps(string title)
    {
        var start = s_page.IndexOf($"## {title}\n", StringComparison.Ordinal);
        var end = s_page.IndexOf("\n## ", start, StringComparison.Ordinal);
        return StepPattern().Matches(s_page[start..end]).Select(match => (
            match.Groups["path"].Value,
            string.Join("\n", match.Groups["code"].Value.Split('\n').Select(line => line.Length < 3 ? "" : line[3..])),
            match.Groups["language"].Value == "diff"));
    }

    /// <summary>A text with the lines of a change, which shows lines before or after them as they are, but for their indentation.</summary>
    private static string Applied(string text, string change, string path)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n').ToList();
        foreach (var hunk in change.Split("@@\n"))
        {
            var shown = hunk.TrimEnd('\n').Split('\n').Where(line => line.Length > 0).ToList();
            var old = shown.Where(line => line[0] != '+').Select(line => line[1..].Trim()).ToList();
            var places = Enumerable.Range(0, lines.Count - old.Count + 1)
                .Where(i => old.Select((line, j) => lines[i + j].Trim() == line).All(same => same))
                .ToList();
            Assert.True(places.Count == 1, $"{path}: expected once, found {places.Count} times: {string.Join(" / ", old)}");
            var place = places[0];
            foreach (var line in shown)
            {
                switch (line[0])
                {
                    case '+':
                        lines.Insert(place++, line[1..]);
                        break;
                    case '-':
                        lines.RemoveAt(place);
                        break;
                    default:
                        place++;
                        break;
                }
            }
        }

        return string.Join("\n", lines);
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(s_root, path));

    /// <summary>The sources of projects, as they are or changed.</summary>
    private static List<SyntaxTree> Sources(Dictionary<string, string> changed, string[] symbols, params string[] projects)
    {
        var options = Compiler.ParseOptions.WithDocumentationMode(DocumentationMode.None).WithPreprocessorSymbols(symbols);
        var files = projects
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(s_root, project), "*.cs", SearchOption.AllDirectories).Concat(Linked(project)))
            .Select(file => Path.GetRelativePath(s_root, file).Replace('\\', '/'))
            .Where(path => !projects.Any(project =>
                new[] { "bin", "obj", "build" }.Any(folder => path.StartsWith($"{project}/{folder}/", StringComparison.Ordinal))))
            .ToHashSet();
        files.UnionWith(changed.Keys.Where(path => projects.Any(project => path.StartsWith(project + "/", StringComparison.Ordinal))));
        return [.. files.Select(path => CSharpSyntaxTree.ParseText(Complete(changed.TryGetValue(path, out var text) ? text : Read(path)), options, path)),
            CSharpSyntaxTree.ParseText(Compiler.GlobalUsings, options, "GlobalUsings.cs")];
    }

    /// <summary>What the framework's generator would complete is said without it.</summary>
    private static string Complete(string text) => text.Contains("[LibraryImport(", StringComparison.Ordinal)
        ? text
            .Replace("[LibraryImport(", "[DllImport(", StringComparison.Ordinal)
            .Replace(" static partial int ", " static extern int ", StringComparison.Ordinal)
        : text;

    /// <summary>The files of other folders that a project compiles.</summary>
    private static IEnumerable<string> Linked(string project) => LinkPattern()
        .Matches(Read(Path.Combine(project, Path.GetFileName(project) + ".csproj")))
        .Select(match => Path.GetFullPath(Path.Combine(s_root, project, match.Groups[1].Value)));

    private static IEnumerable<MetadataReference> Platform() => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(path => Path.GetFileName(path) is var name
            && (name.StartsWith("System.", StringComparison.Ordinal) || name is "mscorlib.dll" or "netstandard.dll"
                || name is "Microsoft.CodeAnalysis.dll" or "Microsoft.CodeAnalysis.CSharp.dll"))
        .Select(path => MetadataReference.CreateFromFile(path));

    private static IEnumerable<MetadataReference> Own(params string[] names) => names
        .Select(name => Path.Combine(AppContext.BaseDirectory, name))
        .Where(File.Exists)
        .Select(path => MetadataReference.CreateFromFile(path));

    private static byte[] Emit(string name, IEnumerable<SyntaxTree> sources, IEnumerable<MetadataReference> references)
    {
        using var image = new MemoryStream();
        // The compiler's word for a member of a switch that is left out is a warning.
        var result = CSharpCompilation
            .Create(name, sources, references, new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable,
                specificDiagnosticOptions: [new("CS8509", ReportDiagnostic.Error)]))
            .Emit(image);
        Assert.Empty(result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return image.ToArray();
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex(
        @"^\d\. `(?<path>[^`]+)`[^`]*(?:`[^`\n]+`[^`]*)*?\n   ```(?<language>csharp|diff)\n(?<code>.*?)\n   ```",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex StepPattern();

    [GeneratedRegex("<Compile Include=\"([^\"]+)\"")]
    private static partial Regex LinkPattern();
}
