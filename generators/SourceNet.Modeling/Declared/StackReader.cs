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

        if (Parameters(type, expressions, scope) is not { } parameters)
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

        var sizes = Enumerable.Range(0, arguments.Count).SelectMany(i => SizesOf(parameters[i], expressions[i], arguments[i].Size));
        return new StackLayer(
            type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            type.Name,
            arguments.Select(argument => argument.CSharp).ToEquatableArray(),
            sizes.ToEquatableArray(),
            repeat,
            usesPosition,
            declaration);
    }

    private static IReadOnlyList<IParameterSymbol>? Parameters(INamedTypeSymbol type, IReadOnlyList<Expression> arguments, Scope scope) => Constructors(type)
        .Where(constructor => constructor.Parameters.Length >= arguments.Count
            && constructor.Parameters.Skip(arguments.Count).All(parameter => parameter.IsOptional || parameter.IsParams)
            && constructor.Parameters.Zip(arguments, (parameter, argument) => parameter.RefKind is RefKind.None or RefKind.In
                && (Scope.IsIntegral(parameter.Type) || Scope.IsReal(parameter.Type) || IsHandedOn(argument, parameter, scope))).All(fits => fits))
        .OrderBy(constructor => constructor.Parameters.Length)
        .Select(constructor => (IReadOnlyList<IParameterSymbol>)constructor.Parameters)
        .FirstOrDefault();

    /// <summary>Whether an argument is a parameter of this model that the stacked one takes as it is: a record of settings, an enum, a bool.</summary>
    private static bool IsHandedOn(Expression argument, IParameterSymbol parameter, Scope scope) =>
        scope.Parameter(argument) is { } own && SymbolEqualityComparer.Default.Equals(own.Type, parameter.Type);

    /// <summary>What the stacked model's names of sizes stand for here.</summary>
    private static IEnumerable<NamedSize> SizesOf(IParameterSymbol parameter, Expression expression, Dim? size) => size is not null
        ? [new NamedSize(Scope.Escape(parameter.Name), size)]
        : expression is Expression.Name name
            ? Scope.SizesOf(parameter)
                .Select(member => new NamedSize(Scope.Escape($"{parameter.Name}.{member}"), Dim.Symbol(Scope.Escape($"{name.Identifier}.{member}"))))
            : [];

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
            : $"its constructor takes {string.Join(" or ", lists)}, and a stack passes numbers, and parameters of this model as they are";
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
