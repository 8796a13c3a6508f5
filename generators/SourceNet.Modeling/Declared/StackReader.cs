using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Declared;

/// <summary>Reads <c>[Stack&lt;TBlock&gt;]</c>: the stacked model, the arguments of its constructor, and how often.</summary>
internal static class StackReader
{
    public static Layer? Read(AttributeReader attribute)
    {
        var scope = attribute.Scope;
        var stacked = attribute.Data.AttributeClass!.TypeArguments[0];
        if (stacked is not INamedTypeSymbol { TypeKind: TypeKind.Class } type || !Symbols.IsDeclaredModel(type))
        {
            if (stacked.TypeKind != TypeKind.Error)
            {
                scope.Problems.Add(Problems.StackOfNoModel(Text(stacked), attribute.Origin));
            }

            return null;
        }

        if (ForwardReader.Signature(type) is not null)
        {
            var found = ForwardReader.Own(type)!.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
            scope.Problems.Add(Problems.StackOfSeveral(Text(type), $"'{found}'", attribute.Origin));
            return null;
        }

        var text = attribute.Positional(0) as string ?? "";
        if (Expression.ParseList(text, out var error) is not { } expressions)
        {
            scope.Problems.Add(Problems.BadExpression(text, error!, attribute.Origin));
            return null;
        }

        if (Parameters(type, expressions.Count) is not { } parameters)
        {
            scope.Problems.Add(Problems.StackArguments(Text(type), Describe(type), $"({text})", attribute.Origin));
            return null;
        }

        if (!CanBeConstructed(type, attribute, out var declaration))
        {
            return null;
        }

        var usesPosition = expressions.Any(expression => expression.Names().Contains(StackLayer.Position));
        if (usesPosition && scope.Knows(StackLayer.Position))
        {
            scope.Problems.Add(Problems.StackPosition(text, scope.Type.Name, attribute.Origin));
            return null;
        }

        var repeat = attribute.Says("Repeat") ? attribute.NamedSize("Repeat", 1, least: 0) : 1;
        var arguments = scope.With(StackLayer.Position, () => expressions.Zip(parameters, (expression, parameter) =>
            scope.Argument(expression, text, parameter, attribute.Origin)).ToList());

        // The sizes that the block's names stand for.
        var sizes = Enumerable.Range(0, arguments.Count)
            .Where(i => arguments[i].Size is not null)
            .Select(i => new NamedSize(Scope.Escape(parameters[i].Name), arguments[i].Size!));
        return new StackLayer(
            type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            type.Name,
            arguments.Select(argument => argument.CSharp).ToEquatableArray(),
            sizes.ToEquatableArray(),
            repeat,
            usesPosition,
            declaration);
    }

    private static IReadOnlyList<IParameterSymbol>? Parameters(INamedTypeSymbol type, int count) => Constructors(type)
        .Where(constructor => constructor.Parameters.Length >= count
            && constructor.Parameters.Skip(count).All(parameter => parameter.IsOptional || parameter.IsParams)
            && constructor.Parameters.Take(count).All(parameter => parameter.RefKind is RefKind.None or RefKind.In
                && (Scope.IsIntegral(parameter.Type) || Scope.IsReal(parameter.Type))))
        .OrderBy(constructor => constructor.Parameters.Length)
        .Select(constructor => (IReadOnlyList<IParameterSymbol>)constructor.Parameters)
        .FirstOrDefault();

    private static IEnumerable<IMethodSymbol> Constructors(INamedTypeSymbol type) =>
        type.InstanceConstructors.Where(constructor => constructor.DeclaredAccessibility is not (Accessibility.Private
            or Accessibility.Protected
            or Accessibility.ProtectedAndInternal));

    private static string Describe(INamedTypeSymbol type)
    {
        var lists = Constructors(type)
            .Select(constructor =>
                $"({string.Join(", ", constructor.Parameters.Select(parameter => parameter.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)))})")
            .ToList();
        return lists.Count == 0
            ? "it has no constructor that can be called here"
            : $"its constructor takes {string.Join(" or ", lists)}, and a stack passes numbers";
    }

    /// <summary>Whether the model can stand in this one; what it declares is told if that can be seen.</summary>
    private static bool CanBeConstructed(INamedTypeSymbol type, AttributeReader attribute, out ModelDeclaration? declaration)
    {
        declaration = null;
        var container = attribute.Scope.Type;
        if (Containment.Problem(type, container, attribute.Origin) is { } endless)
        {
            attribute.Scope.Problems.Add(endless);
            return false;
        }

        declaration = attribute.Scope.Stacked.Read(type);
        // Where it cannot be made a model itself, that is told at its own declaration.
        return declaration is null or { Type: { CanExtend: true, CanDerive: true } };
    }

    private static string Text(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
}
