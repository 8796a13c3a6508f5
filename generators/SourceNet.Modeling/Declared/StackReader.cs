using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Declared;

/// <summary>Reads <c>[Stack&lt;TBlock&gt;]</c>: the stacked model, the arguments of its constructor, and how often.</summary>
internal static class StackReader
{
    /// <summary>Models nest in models; a chain that is longer is taken as unknown rather than walked.</summary>
    private const int DeepestNesting = 8;

    [ThreadStatic]
    private static List<INamedTypeSymbol>? s_reading;

    public static Layer? Read(AttributeReader attribute)
    {
        if (attribute.Data.AttributeClass!.TypeArguments is not [INamedTypeSymbol { TypeKind: TypeKind.Class } type])
        {
            return null;
        }

        var scope = attribute.Scope;
        if (!Symbols.IsDeclaredModel(type))
        {
            scope.Problems.Add(Problems.StackOfNoModel(type.Name, attribute.Origin));
            return null;
        }

        var text = attribute.Positional(0) as string ?? "";
        if (Expression.ParseList(text, out var error) is not { } expressions)
        {
            scope.Problems.Add(Problems.BadExpression(text, error!, attribute.Origin));
            return null;
        }

        var repeat = attribute.Says("Repeat") ? attribute.NamedSize("Repeat", 1, least: 0) : 1;
        var parameters = Parameters(type, expressions.Count);
        if (parameters is null)
        {
            scope.Problems.Add(Problems.StackArguments(type.Name, Describe(type), expressions.Count == 0 ? "none" : $"({text})", attribute.Origin));
            return null;
        }

        return scope.With("index", () => new StackLayer(
            type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            type.Name,
            expressions.Zip(parameters, (expression, parameter) => scope.Argument(expression, text, parameter.Type, attribute.Origin)).ToEquatableArray(),
            SizesOf(expressions, parameters, text, scope, attribute.Origin).ToEquatableArray(),
            repeat,
            Declaration(type, attribute)));
    }

    /// <summary>The sizes that the block's names stand for; one that depends on the position in the stack is not told.</summary>
    private static IEnumerable<NamedSize> SizesOf(IReadOnlyList<Expression> expressions, IReadOnlyList<IParameterSymbol> parameters, string text, Scope scope, Origin origin) =>
        from i in Enumerable.Range(0, expressions.Count)
        where Scope.IsIntegral(parameters[i].Type)
        let size = expressions[i].Names().Contains("index") ? Dim.Unknown : scope.Size(expressions[i], text, $"'{text}'", long.MinValue, origin)
        select new NamedSize(Scope.Escape(parameters[i].Name), size);

    private static IReadOnlyList<IParameterSymbol>? Parameters(INamedTypeSymbol type, int count) => type.InstanceConstructors
        .Where(constructor => constructor.DeclaredAccessibility != Accessibility.Private
            && constructor.Parameters.Length >= count
            && constructor.Parameters.Skip(count).All(parameter => parameter.IsOptional)
            && constructor.Parameters.Take(count).All(parameter => Scope.IsIntegral(parameter.Type) || Scope.IsReal(parameter.Type)))
        .OrderBy(constructor => constructor.Parameters.Length)
        .Select(constructor => (IReadOnlyList<IParameterSymbol>)constructor.Parameters)
        .FirstOrDefault();

    private static string Describe(INamedTypeSymbol type) =>
        string.Join(" or ", type.InstanceConstructors.Select(constructor => string.Join(", ", constructor.Parameters.Select(parameter => parameter.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)))));

    private static ModelDeclaration? Declaration(INamedTypeSymbol type, AttributeReader attribute)
    {
        s_reading ??= [];
        if (s_reading.Any(outer => SymbolEqualityComparer.Default.Equals(outer, type)))
        {
            attribute.Scope.Problems.Add(Problems.StackOfItself(type.Name, attribute.Origin));
            return null;
        }

        // Private methods of a class from a reference are not imported: what it declares cannot be seen.
        if (type.DeclaringSyntaxReferences.Length == 0 || s_reading.Count >= DeepestNesting)
        {
            return null;
        }

        return ModelReader.Read(type);
    }

    /// <summary>Notes that a model is being read, so that one that contains itself is seen.</summary>
    internal static T Reading<T>(INamedTypeSymbol type, Func<T> read)
    {
        s_reading ??= [];
        s_reading.Add(type);
        try
        {
            return read();
        }
        finally
        {
            s_reading.RemoveAt(s_reading.Count - 1);
        }
    }
}
