using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Recognized;
using TorchSharp;

namespace SourceNet.Modeling.Tests;

/// <summary>Reads declarations from source text, as a compiler that hosts the generator would.</summary>
internal static class Declarations
{
    private const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using SourceNet;
        using TorchSharp;
        using static SourceNet.ActivationKind;
        using static SourceNet.NormKind;
        using static TorchSharp.torch;

        """;

    private static readonly CSharpParseOptions s_options = new(LanguageVersion.CSharp12);

    private static readonly CSharpCompilation s_empty = CSharpCompilation.Create(
        "Declared",
        references:
        [
#if REFERENCE_ASSEMBLIES
            .. Basic.Reference.Assemblies.Net80.References.All,
#else
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
                .Select(path => MetadataReference.CreateFromFile(path)),
#endif
            MetadataReference.CreateFromFile(typeof(torch).Assembly.Location),
            MetadataReference.CreateFromFile(typeof(ModelAttribute).Assembly.Location),
        ],
        options: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>Compiles the text as it is.</summary>
    public static CSharpCompilation CompileRaw(string text) => s_empty.AddSyntaxTrees(CSharpSyntaxTree.ParseText(text, s_options, "Models.cs"));

    /// <summary>Compiles the text with the usings that a model needs.</summary>
    public static CSharpCompilation Compile(string text) => CompileRaw(Usings + text);

    /// <summary>Every class of the text with <c>[Model]</c>, in order.</summary>
    public static IReadOnlyList<INamedTypeSymbol> Models(CSharpCompilation compilation) =>
        Types(compilation.Assembly.GlobalNamespace)
            .Where(type => type.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == nameof(ModelAttribute)))
            .ToList();

    /// <summary>The first model of the text.</summary>
    public static ModelDeclaration Read(string text) => Read(Compile(text));

    /// <summary>The first model of a compilation.</summary>
    public static ModelDeclaration Read(CSharpCompilation compilation) => Read(compilation, Models(compilation)[0]);

    /// <summary>What a class declares.</summary>
    public static ModelDeclaration Read(CSharpCompilation compilation, INamedTypeSymbol type) =>
        ModelReader.Read(type, CodeBodies.Of(compilation), CancellationToken.None);

    /// <summary>The graph of the first model of the text.</summary>
    public static LayerGraph Graph(string text) => GraphBuilder.Build(Read(text));

    /// <summary>The graphs of all models of the text.</summary>
    public static IReadOnlyList<LayerGraph> Graphs(string text) => GraphsOf(Compile(text));

    /// <summary>The graphs of all models of a compilation.</summary>
    public static IReadOnlyList<LayerGraph> GraphsOf(CSharpCompilation compilation) =>
        Models(compilation).Select(type => GraphBuilder.Build(Read(compilation, type))).ToList();

    /// <summary>A model of one block, <c>Body</c>, with the given layers.</summary>
    public static LayerGraph Block(string layers, string input = "[Input(3, 8, 8)]", string parameters = "") =>
        Graph(OneBlock("M", layers, input, parameters));

    public static string OneBlock(string name, string layers, string input, string parameters = "") =>
        $$"""
        [Model] {{input}}
        partial class {{name}}({{parameters}})
        {
            [{{layers}}] private partial Tensor Body(Tensor x);
        }

        """;

    /// <summary>The C# errors of a text, without those about parts that the generator would write.</summary>
    public static IReadOnlyList<Diagnostic> Errors(CSharpCompilation compilation) => compilation.GetDiagnostics()
        .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id is not ("CS8795" or "CS0534" or "CS0115" or "CS9248"))
        .ToList();

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol container) => container.GetMembers().OfType<INamespaceOrTypeSymbol>()
        .SelectMany(member => member is INamedTypeSymbol type ? Types(member).Prepend(type) : Types(member));
}
