using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;

namespace SourceNet.Analyzers.Facts;

/// <summary>The declared models of a compilation, each read and expanded once for all analyzers.</summary>
internal sealed class DeclaredModels
{
    private static readonly ConditionalWeakTable<Compilation, DeclaredModels> s_known = new();

    private readonly Once<INamedTypeSymbol, ExpandedModel?> _models = new(SymbolEqualityComparer.Default);

    /// <summary>The models of a compilation. They live as long as it does.</summary>
    public static DeclaredModels Of(Compilation compilation) => s_known.GetValue(compilation, static _ => new());

    /// <summary>What a class declares; null for one that declares no model.</summary>
    public ExpandedModel? Find(INamedTypeSymbol type, CancellationToken cancellation) => ModelReader.IsModel(type)
        ? _models.Get(type, model =>
        {
            cancellation.ThrowIfCancellationRequested();
            var declaration = ModelReader.Read(model);
            cancellation.ThrowIfCancellationRequested();
            return ModelExpander.Expand(declaration);
        })
        : null;
}
