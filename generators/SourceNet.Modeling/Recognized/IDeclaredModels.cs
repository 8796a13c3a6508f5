using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Modeling.Recognized;

/// <summary>Knows the declared models that code uses, whose own code is generated.</summary>
internal interface IDeclaredModels
{
    /// <summary>The block that a method is, if it is one of the model whose forward is read; null for any other method.</summary>
    string? BlockOf(IMethodSymbol method);

    /// <summary>Whether a class is a declared model.</summary>
    bool IsDeclared(INamedTypeSymbol type);

    /// <summary>A declared model as one layer, for the front end that declares another around it; null where its graph stands in its place.</summary>
    /// <param name="type">The class.</param>
    /// <param name="sizes">The sizes that its constructor gets.</param>
    Layer? LayerOf(INamedTypeSymbol type, EquatableArray<NamedSize> sizes);

    /// <summary>The graph of a declared model; null for a class that is none, or where it is one layer.</summary>
    LayerGraph? GraphOf(INamedTypeSymbol type);
}
