using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using TorchSharp;

namespace SourceNet.Generators.Tests;

/// <summary>Compiles sources as a project that uses SourceNet would, warnings and documentation included.</summary>
internal static class Compiler
{
    public const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    public static IReadOnlyList<MetadataReference> Framework { get; } =
#if REFERENCE_ASSEMBLIES
        Basic.Reference.Assemblies.Net80.References.All.ToList<MetadataReference>();
#else
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System.") || name is "mscorlib.dll" or "netstandard.dll"))
            .Select(path => MetadataReference.CreateFromFile(path))
            .ToList<MetadataReference>();
#endif

    public static MetadataReference TorchSharp { get; } = MetadataReference.CreateFromFile(typeof(torch).Assembly.Location);

    public static MetadataReference SourceNet { get; } = MetadataReference.CreateFromFile(typeof(Model).Assembly.Location);

    public static MetadataReference Training { get; } = MetadataReference.CreateFromFile(typeof(Training.Augmentation).Assembly.Location);

    public static CSharpCompilation Compile(params IEnumerable<(string Path, string Text)> files) => CSharpCompilation.Create(
        "Gallery",
        files.Prepend(("GlobalUsings.cs", GlobalUsings)).Select(file => Parse(file.Item2, file.Item1)),
        [.. Framework, TorchSharp, SourceNet, Training],
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, warningLevel: 9999, nullableContextOptions: NullableContextOptions.Enable));

    public static CSharpCompilation Compile(string text) => Compile([("Model.cs", text)]);

    public static SyntaxTree Parse(string text, string path = "Model.cs") => CSharpSyntaxTree.ParseText(text, ParseOptions, path);

    public static GeneratorDriver Driver() => Driver(new ModelGenerator());

    public static GeneratorDriver Driver(IIncrementalGenerator generator) => CSharpGeneratorDriver.Create(
        [generator.AsSourceGenerator()],
        parseOptions: ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>Runs the generator, which must not throw and must not report.</summary>
    public static GeneratorRunResult Run(Compilation compilation) => Run(Driver(), compilation, out _, out _);

    public static GeneratorRunResult Run(GeneratorDriver driver, Compilation compilation, out GeneratorDriver next, out Compilation output)
    {
        next = driver.RunGeneratorsAndUpdateCompilation(compilation, out output, out var diagnostics);
        var result = Assert.Single(next.GetRunResult().Results);
        Assert.True(result.Exception is null, result.Exception?.ToString());
        Assert.Empty(diagnostics);
        return result;
    }

    /// <summary>The text that is generated for each hint name.</summary>
    public static IReadOnlyDictionary<string, string> Generate(Compilation compilation) =>
        Run(compilation).GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText.ToString());
}
