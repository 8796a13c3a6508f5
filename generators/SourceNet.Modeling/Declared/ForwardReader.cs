using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Declared;

/// <summary>Reads the signature of the forward that the author of a model wrote, and so which base the generated part names.</summary>
internal static class ForwardReader
{
    /// <summary>TorchSharp has no module that takes more.</summary>
    private const int MostParameters = 6;

    private const string Tensor = "global::TorchSharp.torch.Tensor";

    /// <summary>The forward that the author of a model wrote; null if there is none that a model can have. From one tensor to one comes first.</summary>
    public static IMethodSymbol? Own(INamedTypeSymbol type)
    {
        var forwards = type.GetMembers("forward").OfType<IMethodSymbol>().Where(method => !Symbols.IsGenerated(method) && IsOfModel(method)).ToList();
        return forwards.FirstOrDefault(IsPlain) ?? forwards.FirstOrDefault();
    }

    /// <summary>Whether a model can have such a forward.</summary>
    public static bool IsOfModel(IMethodSymbol method) =>
        method is { IsOverride: true, Arity: 0, Parameters.Length: >= 1 and <= MostParameters }
        && method.Parameters.All(parameter => Symbols.IsTensor(parameter.Type))
        && (Symbols.IsTensor(method.ReturnType) || Elements(method.ReturnType).Count > 1);

    /// <summary>What a forward takes and gives; null if it is from one tensor to one, or there is none.</summary>
    public static ForwardSignature? Signature(INamedTypeSymbol type)
    {
        if (Own(type) is not { } forward || IsPlain(forward))
        {
            return null;
        }

        var elements = Elements(forward.ReturnType);
        var outputs = elements.Select(element => element.IsExplicitlyNamedTupleElement ? element.Name : "").DefaultIfEmpty("").ToEquatableArray();
        var result = elements.Count == 0 ? Tensor
            : $"({string.Join(", ", elements.Select(element => element.IsExplicitlyNamedTupleElement ? $"{Tensor} {Scope.Escape(element.Name)}" : Tensor))})";
        var parameters = forward.Parameters
            .Select(parameter => new ForwardParameter(
                Scope.Escape(parameter.Name),
                parameter.NullableAnnotation == NullableAnnotation.Annotated,
                parameter.HasExplicitDefaultValue))
            .ToEquatableArray();
        var types = parameters.Select(parameter => parameter.MayBeNull ? Tensor + "?" : Tensor).Append(result);
        return new ForwardSignature($"global::SourceNet.Model<{string.Join(", ", types)}>", result, parameters, outputs);
    }

    /// <summary>From one tensor to one: <c>Model</c> has that.</summary>
    private static bool IsPlain(IMethodSymbol method) =>
        method.Parameters is [{ NullableAnnotation: not NullableAnnotation.Annotated }] && Symbols.IsTensor(method.ReturnType);

    /// <summary>The elements of a tuple of tensors that are there; none of anything else.</summary>
    private static IReadOnlyList<IFieldSymbol> Elements(ITypeSymbol type) =>
        type is INamedTypeSymbol { IsTupleType: true } tuple
            && tuple.TupleElements.All(element => Symbols.IsTensor(element.Type) && element.NullableAnnotation != NullableAnnotation.Annotated)
            ? tuple.TupleElements
            : Array.Empty<IFieldSymbol>();
}
