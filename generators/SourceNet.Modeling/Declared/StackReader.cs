using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Declared;

/// <summary>Reads <c>[Stack&lt;TBlock&gt;]</c>: the stacked model, the arguments of its constructor, and how often.</summary>
internal static class StackReader
{
    public static Layer? Read(AttributeReader attribute)
    {
        var scope = attribute.Scope;
        var type = attribute.Data.AttributeClass!.TypeArguments[0];
        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Class } model || !Symbols.IsDeclaredModel(model))
        {
            if (type.TypeKind != TypeKind.Error)
            {
                scope.Problems.Add(Problems.StackOfNoModel(Text(type), attribute.Origin));
            }

            return null;
        }

        if (Same(model, scope.Type))
        {
            scope.Problems.Add(Problems.StackOfItself(model.Name, attribute.Origin));
            return null;
        }

        if (Contains(model, scope.Type, []))
        {
            scope.Problems.Add(Problems.StackOfContainer(model.Name, scope.Type.Name, attribute.Origin));
            return null;
        }

        var text = attribute.Positional(0) as string ?? "";
        if (Expression.ParseList(text, out var error) is not { } expressions)
        {
            scope.Problems.Add(Problems.BadExpression(text, error!, attribute.Origin));
            return null;
        }

        if (Parameters(model, expressions.Count) is not { } parameters)
        {
            scope.Problems.Add(Problems.StackArguments(Text(model), Describe(model), $"({text})", attribute.Origin));
            return null;
        }

        var declaration = scope.Stacked.Read(model);
        if (declaration?.Type is { CanExtend: false } or { CanDerive: false })
        {
            // It cannot be made a model itself, which is told at its own declaration.
            return null;
        }

        var repeat = attribute.Says("Repeat") ? attribute.NamedSize("Repeat", 1, least: 0) : 1;
        var arguments = scope.With("index", () => expressions.Zip(parameters, (expression, parameter) =>
            scope.Argument(expression, text, parameter, attribute.Origin)).ToList());

        // A size that depends on the position in the stack is not told.
        var sizes = Enumerable.Range(0, arguments.Count)
            .Where(i => arguments[i].Size is not null)
            .Select(i => new NamedSize(Scope.Escape(parameters[i].Name), expressions[i].Names().Contains("index") ? Dim.Unknown : arguments[i].Size!));
        return new StackLayer(
            model.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            model.Name,
            arguments.Select(argument => argument.CSharp).ToEquatableArray(),
            sizes.ToEquatableArray(),
            repeat,
            declaration);
    }

    /// <summary>Whether a model holds the other one, at any depth.</summary>
    private static bool Contains(INamedTypeSymbol model, INamedTypeSymbol other, HashSet<string> visited) =>
        visited.Add(model.OriginalDefinition.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat))
        && ModelReader.Blocks(model)
            .SelectMany(Symbols.Attributes)
            .Where(stack => stack.AttributeClass is { Name: "StackAttribute" })
            .SelectMany(stack => stack.AttributeClass!.TypeArguments.OfType<INamedTypeSymbol>())
            .Any(inner => Same(inner, other) || Contains(inner, other, visited));

    private static bool Same(INamedTypeSymbol left, INamedTypeSymbol right) => SymbolEqualityComparer.Default.Equals(left.OriginalDefinition, right.OriginalDefinition);

    private static IReadOnlyList<IParameterSymbol>? Parameters(INamedTypeSymbol type, int count) => Constructors(type)
        .Where(constructor => constructor.Parameters.Length >= count
            && constructor.Parameters.Skip(count).All(parameter => parameter.IsOptional || parameter.IsParams)
            && constructor.Parameters.Take(count).All(parameter => parameter.RefKind == RefKind.None && (Scope.IsIntegral(parameter.Type) || Scope.IsReal(parameter.Type))))
        .OrderBy(constructor => constructor.Parameters.Length)
        .Select(constructor => (IReadOnlyList<IParameterSymbol>)constructor.Parameters)
        .FirstOrDefault();

    private static IEnumerable<IMethodSymbol> Constructors(INamedTypeSymbol type) =>
        type.InstanceConstructors.Where(constructor => constructor.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal);

    private static string Describe(INamedTypeSymbol type)
    {
        var lists = Constructors(type)
            .Select(constructor => $"({string.Join(", ", constructor.Parameters.Select(parameter => parameter.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)))})")
            .ToList();
        return lists.Count == 0 ? "it has no constructor that can be called here" : $"its constructor takes {string.Join(" or ", lists)}, and a stack passes numbers";
    }

    private static string Text(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
}
