using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Declared;

/// <summary>Tells from a type how it holds modules, and whether the generated part can register them.</summary>
internal static class PartShapeReader
{
    /// <summary>Types can contain themselves, such as a list of lists of its own kind; no part is nested deeper than this.</summary>
    private const int Deepest = 8;

    /// <summary>How a value of the type holds modules; null if it holds none, or cannot be registered.</summary>
    /// <param name="refusal">Why the modules or parameters in it cannot be registered, and what to write instead; null if they can, or if there are
    /// none.</param>
    public static PartShape? Read(ITypeSymbol type, out string? refusal)
    {
        refusal = null;
        return Read(type, Deepest, ref refusal);
    }

    /// <summary>Whether a field of the type is a module once everything is generated.</summary>
    public static bool IsModule(ITypeSymbol? type) => type switch
    {
        null => false,
        ITypeParameterSymbol parameter => parameter.ConstraintTypes.Any(IsModule),
        INamedTypeSymbol named => Symbols.IsModule(named) || IsModuleInterface(named) || DerivesFromModel(named),
        _ => false,
    };

    private static PartShape? Read(ITypeSymbol type, int depth, ref string? refusal)
    {
        var isNullable = type.NullableAnnotation == NullableAnnotation.Annotated;
        if (IsModule(type))
        {
            return new PartShape.Module(
                isNullable,
                !IsModuleInterface(type) && !(type is ITypeParameterSymbol parameter && !parameter.ConstraintTypes.Any(IsModuleClass)));
        }

        if (depth == 0 || Symbols.IsParameter(type) || Symbols.IsTensor(type))
        {
            return null;
        }

        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } optional)
        {
            return Read(optional.TypeArguments[0], depth - 1, ref refusal) is { } shape ? shape with { IsNullable = true } : null;
        }

        return type switch
        {
            IArrayTypeSymbol { Rank: 1 } array => Numbered(array.ElementType, isNullable, isValue: false, depth, ref refusal),
            IArrayTypeSymbol array =>
                Refuse(array.ElementType, "an array of several axes has no numbered items; make it an array of arrays", depth, ref refusal),
            INamedTypeSymbol { TypeKind: TypeKind.Delegate } => null,
            INamedTypeSymbol { IsTupleType: true } tuple => Tuple(
                tuple.TupleElements.Select((element, i) => (NameOf(element, i), Scope.Escape(element.Name), element.Type)),
                isNullable,
                depth,
                ref refusal),
            INamedTypeSymbol { Name: "Tuple", TypeArguments: { Length: > 0 and < 8 } types } pair when IsIn(pair, "System") =>
                Tuple(types.Select((element, i) => ($"{i}", $"Item{i + 1}", element)), isNullable, depth, ref refusal),
            INamedTypeSymbol named when Element(named) is { } element => element is INamedTypeSymbol { Name: "KeyValuePair", TypeArguments.Length: 2 } entry
                ? Keyed(entry, isNullable, named.IsValueType, depth, ref refusal)
                : Numbered(element, isNullable, named.IsValueType, depth, ref refusal),
            INamedTypeSymbol { TypeArguments.Length: > 0 } holder when KeepsItsArguments(holder) =>
                Refuse(
                    holder.TypeArguments,
                    $"'{Text(holder)}' is no collection, and what it holds has no name in the state_dict; hold it in a field of its own",
                    depth,
                    ref refusal),
            _ => null,
        };
    }

    private static PartShape? Numbered(ITypeSymbol item, bool isNullable, bool isValue, int depth, ref string? refusal)
    {
        if (Symbols.IsParameter(item))
        {
            refusal = "a Parameter in a collection cannot follow when the model moves; make it a TorchSharp.Modules.ParameterList, or give each one a field";
            return null;
        }

        return Read(item, depth - 1, ref refusal) is { } shape ? new PartShape.Numbered(shape, isNullable, isValue) : null;
    }

    private static PartShape? Keyed(INamedTypeSymbol entry, bool isNullable, bool isValue, int depth, ref string? refusal)
    {
        var (key, value) = (entry.TypeArguments[0], entry.TypeArguments[1]);
        if (Holds(key, depth - 1))
        {
            refusal = $"modules that are keys have no name in the state_dict; make the names the keys and the modules the values";
            return null;
        }

        if (Symbols.IsParameter(value))
        {
            refusal = "a Parameter in a collection cannot follow when the model moves; make it a TorchSharp.Modules.ParameterDict, or give each one a field";
            return null;
        }

        if (Read(value, depth - 1, ref refusal) is not { } shape)
        {
            return null;
        }

        if (key.SpecialType != SpecialType.System_String)
        {
            refusal = $"its keys are of type '{Text(key)}', and the names in the state_dict are text; make the keys strings";
            return null;
        }

        return new PartShape.Keyed(shape, isNullable, isValue);
    }

    private static PartShape? Tuple(IEnumerable<(string Name, string Member, ITypeSymbol Type)> members, bool isNullable, int depth, ref string? refusal)
    {
        var elements = new List<PartElement>();
        var tensors = new List<string>();
        foreach (var (name, member, type) in members)
        {
            if (Symbols.IsParameter(type))
            {
                refusal ??= $"the Parameter '{name}' in a tuple cannot follow when the model moves; give it a field of its own";
            }
            else if (Symbols.IsTensor(type))
            {
                tensors.Add(name);
            }
            else if (Read(type, depth - 1, ref refusal) is { } shape)
            {
                elements.Add(new PartElement(name, member, shape));
            }
        }

        if (tensors.Count > 0 && elements.Count > 0)
        {
            refusal ??= $"the Tensor '{tensors[0]}' in a tuple cannot follow when the model moves; give it a field of its own";
        }

        return elements.Count > 0 && refusal is null ? new PartShape.Tuple(elements.ToEquatableArray(), isNullable) : null;
    }

    private static PartShape? Refuse(ITypeSymbol held, string reason, int depth, ref string? refusal) => Refuse([held], reason, depth, ref refusal);

    private static PartShape? Refuse(IEnumerable<ITypeSymbol> held, string reason, int depth, ref string? refusal)
    {
        if (held.Any(type => Symbols.IsParameter(type) || Holds(type, depth - 1)))
        {
            refusal ??= reason;
        }

        return null;
    }

    private static bool Holds(ITypeSymbol type, int depth)
    {
        string? refusal = null;
        return Read(type, Math.Max(depth, 0), ref refusal) is not null || refusal is not null;
    }

    /// <summary>What an enumeration of the type gives; null if it cannot be enumerated.</summary>
    private static ITypeSymbol? Element(INamedTypeSymbol type)
    {
        var enumerables = (type.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T
            ? [type]
            : Enumerable.Empty<INamedTypeSymbol>())
            .Concat(type.AllInterfaces.Where(one => one.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T));
        return enumerables.FirstOrDefault()?.TypeArguments[0];
    }

    /// <summary>
    /// Whether a value of a generic type has a value of its argument in it: a lazy value, or a class of this program with a field of that type.
    /// </summary>
    private static bool KeepsItsArguments(INamedTypeSymbol holder) =>
        (holder is { Name: "Lazy", TypeArguments.Length: 1 or 2 } && IsIn(holder, "System"))
        || (holder.Name == "KeyValuePair" && holder.TypeArguments.Length == 2)
        || (holder is { TypeKind: TypeKind.Class or TypeKind.Struct, DeclaringSyntaxReferences.Length: > 0 }
            && holder.OriginalDefinition.GetMembers().OfType<IFieldSymbol>().Any(field => !field.IsStatic && field.Type is ITypeParameterSymbol));

    private static string NameOf(IFieldSymbol element, int position) => element.IsExplicitlyNamedTupleElement ? element.Name : $"{position}";

    private static bool IsModuleInterface(ITypeSymbol type) => type is { TypeKind: TypeKind.Interface, Name: "IModule", ContainingType.Name: "nn" };

    private static bool IsModuleClass(ITypeSymbol type) =>
        type is ITypeParameterSymbol parameter ? parameter.ConstraintTypes.Any(IsModuleClass) : IsModule(type) && !IsModuleInterface(type);

    /// <summary>
    /// Whether the type, or one that it derives from, is declared and will be a model. Before its other part is generated it has no base class.
    /// </summary>
    private static bool DerivesFromModel(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (Symbols.IsDeclaredModel(ancestor) && ModelReader.BecomesModule(ancestor))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsIn(INamedTypeSymbol type, string space) =>
        type.ContainingNamespace is { ContainingNamespace.IsGlobalNamespace: true } outer && outer.Name == space;

    private static string Text(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
}
