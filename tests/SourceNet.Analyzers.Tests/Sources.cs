using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using SourceNet.Analyzers.Tests.Vision;
using SourceNet.Generators;

namespace SourceNet.Analyzers.Tests;

/// <summary>A compilation of sources that use SourceNet and TorchSharp, with or without what the generator writes for them.</summary>
internal sealed class Sources
{
    /// <summary>What every source may leave out.</summary>
    public const string Usings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using SourceNet;
        global using TorchSharp;
        global using Linear = TorchSharp.Modules.Linear;
        global using Parameter = TorchSharp.Modules.Parameter;
        global using static SourceNet.ActivationKind;
        global using static SourceNet.NormKind;
        global using static SourceNet.ObjectiveKind;
        global using static TorchSharp.torch;
        """;

    // Lazy, for it needs the static properties below.
    private static readonly Lazy<CSharpCompilation> s_empty = new(() =>
        CSharpCompilation.Create(
            "Models",
            [CSharpSyntaxTree.ParseText(Usings, Parsing, "Usings.cs")],
            References,
            Options(OutputKind.DynamicallyLinkedLibrary)));

    private readonly AnalyzerConfigSet? _configuration;

    private readonly ImmutableArray<AdditionalText> _files;

    private Sources(CSharpCompilation compilation, AnalyzerConfigSet? configuration = null, ImmutableArray<AdditionalText> files = default) =>
        (Compilation, _configuration, _files) = (compilation, configuration, files.IsDefault ? [] : files);

    public static CSharpParseOptions Parsing { get; } = new(LanguageVersion.Latest);

    /// <summary>The framework, TorchSharp, a stand-in for TorchVision, SourceNet and SourceNet.Training.</summary>
    public static IReadOnlyList<MetadataReference> References { get; } = FindReferences().ToList();

    public CSharpCompilation Compilation { get; }

    /// <summary>Whether a model is declared, which is complete with the generator's files only.</summary>
    public bool DeclaresModels => Compilation.SyntaxTrees.Any(tree => tree.ToString().Contains("[Model"));

    public static CSharpCompilationOptions Options(OutputKind kind) => new(kind, nullableContextOptions: NullableContextOptions.Enable);

    /// <summary>A program if there are statements at the top, else a library.</summary>
    public static OutputKind OutputOf(params IEnumerable<string> sources) =>
        sources.Any(source => CSharpSyntaxTree.ParseText(source, Parsing).GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax))
            ? OutputKind.ConsoleApplication
            : OutputKind.DynamicallyLinkedLibrary;

    /// <summary>Sources in files <c>Model0.cs</c>, <c>Model1.cs</c>, ...</summary>
    public static Sources Of(params string[] sources) => Of(sources.Select((source, i) => ($"Model{i}.cs", source)).ToArray());

    public static Sources Of(params (string Path, string Text)[] files) =>
        new(s_empty.Value
            .WithOptions(Options(OutputOf(files.Select(file => file.Text))))
            .AddSyntaxTrees(files.Select(file => CSharpSyntaxTree.ParseText(file.Text, Parsing, file.Path))));

    /// <summary>The same without a reference to SourceNet.</summary>
    public Sources WithoutSourceNet() =>
        new(Compilation.RemoveReferences(
            Compilation.References.Where(reference => Path.GetFileName(reference.Display) is "SourceNet.dll" or "SourceNet.Training.dll")));

    /// <summary>With the generator's files, as a build and an editor show them to analyzers.</summary>
    public Sources Generated()
    {
        CSharpGeneratorDriver.Create([new ModelGenerator().AsSourceGenerator(), new AugmentationGenerator().AsSourceGenerator()], parseOptions: Parsing)
            .RunGeneratorsAndUpdateCompilation(Compilation, out var output, out var diagnostics);
        Assert.Empty(diagnostics);
        return new((CSharpCompilation)output, _configuration, _files);
    }

    public Sources AllowUnsafe() => new(Compilation.WithOptions(Compilation.Options.WithAllowUnsafe(true)), _configuration, _files);

    /// <summary>With severities from an <c>.editorconfig</c> beside the files.</summary>
    public Sources Configured(string editorConfig)
    {
        var directory = OperatingSystem.IsWindows() ? "C:/" : "/";
        var set = AnalyzerConfigSet.Create(ImmutableArray.Create(AnalyzerConfig.Parse("root = true\n" + editorConfig, directory + ".editorconfig")));
        var trees = Compilation.SyntaxTrees.Select(tree => tree.WithFilePath(directory + Path.GetFileName(tree.FilePath)));
        return new(Compilation.RemoveAllSyntaxTrees()
            .AddSyntaxTrees(trees)
            .WithOptions(Compilation.Options.WithSyntaxTreeOptionsProvider(new ConfiguredSeverities(set))), set, _files);
    }

    /// <summary>With a file that the project lists among its <c>AdditionalFiles</c>.</summary>
    public Sources WithFile(string path, string text) => new(Compilation, _configuration, _files.Add(new AdditionalFile(path, text)));

    /// <summary>What the compiler itself says, errors only.</summary>
    public IReadOnlyList<Diagnostic> CompilerErrors() =>
        Compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();

    /// <summary>What the analyzer says, in order of place. An exception in it fails the test.</summary>
    public async Task<IReadOnlyList<Diagnostic>> Analyze(DiagnosticAnalyzer analyzer, CancellationToken cancellation = default)
    {
        var diagnostics = await With([analyzer]).GetAnalyzerDiagnosticsAsync(cancellation);
        Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Id.StartsWith("AD", StringComparison.Ordinal));
        return diagnostics
            .OrderBy(diagnostic => diagnostic.Location.SourceTree?.FilePath, StringComparer.Ordinal)
            .ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .ThenBy(diagnostic => diagnostic.Id, StringComparer.Ordinal)
            .ToList();
    }

    /// <summary>What the compiler and the analyzers say, from one pass over the sources.</summary>
    public async Task<IReadOnlyList<Diagnostic>> Compile(IEnumerable<DiagnosticAnalyzer> analyzers) => await With([.. analyzers]).GetAllDiagnosticsAsync();

    private CompilationWithAnalyzers With(ImmutableArray<DiagnosticAnalyzer> analyzers) => new(
        Compilation,
        analyzers,
        new CompilationWithAnalyzersOptions(
            _configuration is null ? new AnalyzerOptions(_files) : new AnalyzerOptions(_files, new ConfiguredOptions(_configuration)),
            onAnalyzerException: (exception, _, _) => Assert.Fail(exception.ToString()),
            concurrentAnalysis: true,
            logAnalyzerExecutionTime: false,
            reportSuppressedDiagnostics: false,
            analyzerExceptionFilter: null));

    private static IEnumerable<MetadataReference> FindReferences()
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == runtime || Path.GetFileName(path) is "TorchSharp.dll" or "SourceNet.dll" or "SourceNet.Training.dll")
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
            .ToList();
        return references.Append(VisionReference.Of(references));
    }

    private sealed class ConfiguredSeverities(AnalyzerConfigSet set) : SyntaxTreeOptionsProvider
    {
        public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) => GeneratedKind.Unknown;

        public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity) =>
            set.GetOptionsForSourcePath(tree.FilePath).TreeOptions.TryGetValue(diagnosticId, out severity);

        public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity)
        {
            severity = default;
            return false;
        }
    }

    private sealed class AdditionalFile(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    private sealed class ConfiguredOptions(AnalyzerConfigSet set) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions => new Section(ImmutableDictionary<string, string>.Empty);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new Section(set.GetOptionsForSourcePath(tree.FilePath).AnalyzerOptions);

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class Section(ImmutableDictionary<string, string> options) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => options.TryGetValue(key, out value);
        }
    }
}
