using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SourceNet.Generators;

namespace SourceNet.Corpus.Sources;

/// <summary>From text to a compilation.</summary>
internal static class SourceCompiler
{
    private static readonly CSharpParseOptions s_parsing = new CSharpParseOptions(LanguageVersion.Latest)
        .WithPreprocessorSymbols((string[])["NET", "NETCOREAPP", "NETCOREAPP3_1_OR_GREATER", .. Enumerable.Range(5, 6)
            .Select(version => $"NET{version}_0_OR_GREATER")]);

    public static SyntaxTree Read(string path)
    {
        using var stream = File.OpenRead(path);
        return CSharpSyntaxTree.ParseText(SourceText.From(stream), s_parsing, path);
    }

    public static SyntaxTree Parse(string path, string text) => CSharpSyntaxTree.ParseText(SourceText.From(text, Encoding.UTF8), s_parsing, path);

    /// <summary>A program if there are statements at the top, else a library.</summary>
    public static CSharpCompilation Compile(
        string name,
        IReadOnlyList<SyntaxTree> trees,
        NullableContextOptions nullable,
        IEnumerable<MetadataReference> projects)
    {
        var kind = trees.Any(HasStatements) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        return CSharpCompilation.Create(
            name,
            trees,
            [.. SourceReferences.All, .. projects],
            new CSharpCompilationOptions(kind, allowUnsafe: true, nullableContextOptions: nullable));
    }

    /// <summary>With what the generator writes for classes with <c>[Model]</c>.</summary>
    public static (CSharpCompilation Compilation, IReadOnlyList<Exception> Crashes) Generate(CSharpCompilation compilation)
    {
        var driver = CSharpGeneratorDriver.Create([new ModelGenerator().AsSourceGenerator()], parseOptions: s_parsing)
            .RunGeneratorsAndUpdateCompilation(compilation, out var output, out _);
        return ((CSharpCompilation)output, driver.GetRunResult().Results.Select(result => result.Exception).OfType<Exception>().ToList());
    }

    private static bool HasStatements(SyntaxTree tree) => tree.GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax);
}
