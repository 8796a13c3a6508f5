using Microsoft.CodeAnalysis;

namespace SourceNet.Modeling.Declared;

/// <summary>Tells what a symbol is by its name, so that nothing has to be looked up in the compilation.</summary>
public static class Symbols
{
    public const string ModelAttribute = "SourceNet.ModelAttribute";

    public const string AugmentationAttribute = "SourceNet.Training.AugmentationAttribute";

    /// <summary>Parts of the path of every generated tree; what it declares is not the author's.</summary>
    private static readonly string[] s_generatedPaths = ["SourceNet.Generators.ModelGenerator", "SourceNet.Generators.AugmentationGenerator"];

    public static bool IsTensor(ITypeSymbol type) => IsTorchType(type, "Tensor") && type.ContainingType.Name == "torch";

    public static bool IsParameter(ITypeSymbol type) =>
        type is { Name: "Parameter", ContainingNamespace: { Name: "Modules", ContainingNamespace.Name: "TorchSharp" } };

    /// <summary>Whether this is <c>torch.nn.Module</c>, comes from it, or is a type parameter that must.</summary>
    public static bool IsModule(ITypeSymbol? type)
    {
        if (type is ITypeParameterSymbol parameter)
        {
            return parameter.ConstraintTypes.Any(IsModule);
        }

        for (; type is not null; type = type.BaseType)
        {
            if (IsTorchType(type, "Module") && type.ContainingType.Name == "nn")
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An array or generic collection of modules.</summary>
    public static bool IsModules(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1 } array => IsModule(array.ElementType),
        INamedTypeSymbol { TypeArguments.Length: 1 } named => IsModule(named.TypeArguments[0])
            && (named.Name == "IEnumerable" || named.AllInterfaces.Any(i => i.Name == "IEnumerable")),
        _ => false,
    };

    public static bool IsModel(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.Name == "Model" && IsSourceNet(type))
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsAugmentation(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.Name == "Augmentation" && IsTraining(type))
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsSourceNet(ITypeSymbol type) =>
        type is { ContainingType: null, ContainingNamespace: { Name: "SourceNet", ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary>The member's or type's SourceNet attributes; <see cref="Graph.Origin.Attribute"/> counts in this list.</summary>
    public static IReadOnlyList<AttributeData> Attributes(ISymbol symbol) =>
        symbol.GetAttributes().Where(attribute => attribute.AttributeClass is { } type && (IsSourceNet(type) || IsTraining(type))).ToList();

    public static bool IsDeclaredModel(ITypeSymbol type) => Attributes(type).Any(attribute => attribute.AttributeClass!.Name == "ModelAttribute");

    public static bool IsDeclaredAugmentation(ITypeSymbol type) =>
        Attributes(type).Any(attribute => attribute.AttributeClass!.Name == "AugmentationAttribute" && IsTraining(attribute.AttributeClass));

    public static bool IsGenerated(ISymbol symbol) =>
        symbol.DeclaringSyntaxReferences.Length > 0 && symbol.DeclaringSyntaxReferences.All(reference => IsGenerated(reference.SyntaxTree));

    public static bool IsGenerated(SyntaxTree tree) => s_generatedPaths.Any(tree.FilePath.Contains);

    /// <summary><c>FeedForward2</c> becomes <c>feed_forward2</c>, <c>QKVProjection</c> <c>qkv_projection</c>.</summary>
    public static string SnakeCase(string name) => Naming.SnakeCase(name);

    private static bool IsTraining(ITypeSymbol type) => type is
    {
        ContainingType: null,
        ContainingNamespace: { Name: "Training", ContainingNamespace: { Name: "SourceNet", ContainingNamespace.IsGlobalNamespace: true } },
    };

    private static bool IsTorchType(ITypeSymbol type, string name) =>
        type.Name == name && type.ContainingType is { } outer
        && (outer.Name == "torch" ? outer : outer.ContainingType) is { Name: "torch", ContainingNamespace.Name: "TorchSharp" };
}
