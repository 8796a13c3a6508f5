using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Recognized;

namespace SourceNet.Analyzers.Facts;

/// <summary>The declared models of a compilation, each read once for all analyzers: its graph, and the places in its own code.</summary>
internal sealed class DeclaredModels(CodeBodies bodies)
{
    private static readonly ConditionalWeakTable<Compilation, DeclaredModels> s_known = new();

    private readonly Once<INamedTypeSymbol, RecognizedModel?> _models = new(SymbolEqualityComparer.Default);

    /// <summary>The models of a compilation. They live as long as it does.</summary>
    public static DeclaredModels Of(Compilation compilation) =>
        s_known.GetValue(compilation, static compilation => new(new CodeBodies(CodeOperations.Of(compilation).BodyOf) { Compilation = compilation }));

    /// <summary>What a class declares; null for one that declares no model.</summary>
    public RecognizedModel? Find(INamedTypeSymbol type, CancellationToken cancellation) => ModelReader.IsModel(type)
        ? _models.Get(type, model => ModelReader.ReadGraph(model, bodies, cancellation))
        : null;
}
