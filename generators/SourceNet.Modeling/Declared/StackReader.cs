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
                scope.Problems.Add(Problems.StackOfNoModel(type.Name, attribute.Origin));
            }

            return null;
        }

        if (Contains(model, scope.Type, []))
        {
            scope.Problems.Add(Problems.StackOfItself(scope.Type.Name, attribute.Origin));
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
            scope.Problems.Add(Problems.StackArguments(model.Name, Describe(model), expressions.Count == 0 ? "none" : $"({text})", attribute.Origin));
            return null;
        }

        var repeat = attribute.Says("Repeat") ? attribute.NamedSize("Repeat", 1, least: 0) : 1;
        var arguments = scope.With("index", () => expressions.Zip(parameters, (expression, parameter) =>
            scope.Argument(expression, text, parameter.Type.SpecialType, attribute.Origin)).ToList());

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
            scope.Stacked.Read(model));
    }

    /// <summary>Whether a model is the other one, or stacks it somewhere inside.</summary>
    private static bool Contains(INamedTypeSymbol model, INamedTypeSymbol other, HashSet<string> seen) =>
        SymbolEqualityComparer.Default.Equals(model.OriginalDefinition, other.OriginalDefinition)
        || (seen.Add(model.ToDisplayString()) && ModelReader.Blocks(model)
            .SelectMany(Symbols.Attributes)
            .Where(attribute => attribute.AttributeClass is { Name: "StackAttribute", TypeArguments.Length: 1 })
            .Select(attribute => attribute.AttributeClass!.TypeArguments[0])
            .OfType<INamedTypeSymbol>()
            .Any(inner => Contains(inner, other, seen)));

    private static IReadOnlyList<IParameterSymbol>? Parameters(INamedTypeSymbol type, int count) => type.InstanceConstructors
        .Where(constructor => constructor.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal
            && constructor.Parameters.Length >= count
            && constructor.Parameters.Skip(count).All(parameter => parameter.IsOptional || parameter.IsParams)
            && constructor.Parameters.Take(count).All(parameter => parameter.RefKind == RefKind.None && (Scope.IsIntegral(parameter.Type) || Scope.IsReal(parameter.Type))))
        .OrderBy(constructor => constructor.Parameters.Length)
        .Select(constructor => (IReadOnlyList<IParameterSymbol>)constructor.Parameters)
        .FirstOrDefault();

    private static string Describe(INamedTypeSymbol type) =>
        string.Join(" or ", type.InstanceConstructors.Select(constructor => string.Join(", ", constructor.Parameters.Select(parameter => parameter.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)))));}
