using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Declared;

namespace SourceNet.Modeling.Recognized;

/// <summary>Tells types of TorchSharp by their names.</summary>
internal static class TorchTypes
{
    /// <summary>A module, or what can only be one.</summary>
    public static bool IsModule(ITypeSymbol? type) => Symbols.IsModule(type)
        || type is { Name: "IModule", ContainingType.Name: "nn" }
        || (type is ITypeParameterSymbol parameter && parameter.ConstraintTypes.Any(IsModule));

    /// <summary>A tensor or a parameter.</summary>
    public static bool IsTensor(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (Symbols.IsTensor(type))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether TorchSharp itself declares this.</summary>
    public static bool IsOfTorch(ISymbol symbol) =>
        symbol.ContainingNamespace is { } space && Root(space).Name == "TorchSharp" && symbol.DeclaringSyntaxReferences.IsEmpty;

    /// <summary>Whether this is one of TorchSharp's classes of modules.</summary>
    public static bool IsLayerClass(INamedTypeSymbol type) =>
        type is { ContainingType: null, ContainingNamespace: { Name: "Modules", ContainingNamespace.Name: "TorchSharp" } };

    /// <summary>Whether this is one of the library's own layers.</summary>
    public static bool IsOwnLayer(INamedTypeSymbol type) => type is
    {
        ContainingType: null,
        ContainingNamespace: { Name: "Layers", ContainingNamespace: { Name: "SourceNet", ContainingNamespace.IsGlobalNamespace: true } },
    };

    /// <summary>Whether this is a function of <c>torch.nn</c> itself, which makes modules.</summary>
    public static bool IsNN(INamedTypeSymbol? type) => type is { Name: "nn", ContainingType.Name: "torch" };

    /// <summary>Whether a value of this type can hold modules or tensors.</summary>
    public static bool Carries(ITypeSymbol? type) => type switch
    {
        null => false,
        IArrayTypeSymbol array => Carries(array.ElementType),
        INamedTypeSymbol { TypeArguments.Length: > 0 } generic when !IsModule(generic) => generic.TypeArguments.Any(Carries),
        _ => IsModule(type) || IsTensor(type),
    };

    /// <summary>Whether a value of this type can hold modules.</summary>
    public static bool CarriesModules(ITypeSymbol? type) => type switch
    {
        null => false,
        IArrayTypeSymbol array => CarriesModules(array.ElementType),
        INamedTypeSymbol { TypeArguments.Length: > 0 } generic when !IsModule(generic) => generic.TypeArguments.Any(CarriesModules),
        _ => IsModule(type),
    };

    private static INamespaceSymbol Root(INamespaceSymbol space)
    {
        while (space.ContainingNamespace is { IsGlobalNamespace: false } outer)
        {
            space = outer;
        }

        return space;
    }
}
