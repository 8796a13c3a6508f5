using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SourceNet.Modeling.Recognized;

namespace SourceNet.Modeling.Declared;

/// <summary>
/// Shows a declared model as it will be when the generator has run: with its base class, and those of the declared models that it holds. Without them the
/// compiler finds neither <c>training</c> nor <c>call</c>, and the generator would read other code than the rules do.
/// </summary>
internal static class GeneratedBases
{
    /// <summary>The path of the generated part's stand-in, by which it is known as generated.</summary>
    private const string Path = "SourceNet.Generators.ModelGenerator/Bases.g.cs";

    /// <summary>The class with its bases, and its code; as it is where nothing is missing, or cannot be added.</summary>
    public static (INamedTypeSymbol Type, CodeBodies Bodies) Complete(INamedTypeSymbol type, CodeBodies bodies, CancellationToken cancellation)
    {
        if (bodies.Compilation is not { } compilation)
        {
            return (type, bodies);
        }

        var lacking = Held(type).Prepend(type)
            .Where(model => !Symbols.IsModel(model)
                && model.BaseType is null or { SpecialType: SpecialType.System_Object }
                && model.DeclaringSyntaxReferences.Any(part => compilation.ContainsSyntaxTree(part.SyntaxTree)))
            .Select(model => (
                Identity: TypeReader.Read(model, TypeReader.Model, []),
                Base: ForwardReader.Signature(model)?.Base ?? "global::SourceNet.Model"))
            .Where(model => model.Identity is { CanExtend: true, CanDerive: true, StatesBase: false })
            .ToList();
        if (lacking.Count == 0)
        {
            return (type, bodies);
        }

        var options = (CSharpParseOptions)type.DeclaringSyntaxReferences[0].SyntaxTree.Options;
        var text = string.Concat(lacking.Select(model => Part(model.Identity, model.Base)));
        var tree = CSharpSyntaxTree.ParseText(text, options, Path, cancellationToken: cancellation);
        var complete = compilation.AddSyntaxTrees(tree);
        return complete.Assembly.GetTypeByMetadataName(TypeReader.Read(type, TypeReader.Model, []).MetadataName) is { } found
            ? (found, CodeBodies.Of(complete))
            : (type, bodies);
    }

    private static string Part(Graph.TypeIdentity identity, string modelBase)
    {
        var heads = identity.Containers.Append($"{identity.Head} : {modelBase}").ToList();
        var code = string.Concat(heads.Select(head => head + " { ")) + string.Concat(heads.Select(_ => "} "));
        return (identity.Namespace.Length == 0 ? code : $"namespace {identity.Namespace} {{ {code}}} ") + "\n";
    }

    /// <summary>The declared models in the fields of a class, however they are held.</summary>
    private static IEnumerable<INamedTypeSymbol> Held(INamedTypeSymbol type) => type.GetMembers().OfType<IFieldSymbol>()
        .SelectMany(field => Models(field.Type))
        .Where(model => !SymbolEqualityComparer.Default.Equals(model, type.OriginalDefinition))
        .Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default);

    private static IEnumerable<INamedTypeSymbol> Models(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => Models(array.ElementType),
        INamedTypeSymbol named when Symbols.IsDeclaredModel(named.OriginalDefinition) => [named.OriginalDefinition],
        INamedTypeSymbol named => named.TypeArguments.SelectMany(Models),
        _ => [],
    };
}
