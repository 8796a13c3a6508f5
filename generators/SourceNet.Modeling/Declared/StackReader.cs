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
            scope.Problems.Add(Problems.StackOfNoModel(Text(type), attribute.Origin));
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
            scope.Problems.Add(Problems.StackArguments(Text(type), Describe(type), $"({text})", attribute.Origin));
            return null;
        }

        if (!CanBeConstructed(type, attribute, out var declaration))
        {
            return null;
        }

        return scope.With("index", () => new StackLayer(
            type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            type.Name,
            expressions.Zip(parameters, (expression, parameter) => scope.Argument(expression, text, parameter, attribute.Origin)).ToEquatableArray(),
            SizesOf(expressions, parameters, text, scope, attribute.Origin).ToEquatableArray(),
            repeat,
            declaration));
    }

    /// <summary>The sizes that the block's names stand for; one that depends on the position in the stack is not told.</summary>
    private static IEnumerable<NamedSize> SizesOf(IReadOnlyList<Expression> expressions, IReadOnlyList<IParameterSymbol> parameters, string text, Scope scope, Origin origin) =>
        from i in Enumerable.Range(0, expressions.Count)
        where Scope.IsIntegral(parameters[i].Type)
        let size = expressions[i].Names().Contains("index") ? Dim.Unknown : scope.IntegralArgument(expressions[i], text, parameters[i], origin)
        select new NamedSize(Scope.Escape(parameters[i].Name), size);

    private static IReadOnlyList<IParameterSymbol>? Parameters(INamedTypeSymbol type, int count) => Constructors(type)
        .Where(constructor => constructor.Parameters.Length >= count
            && constructor.Parameters.Skip(count).All(parameter => parameter.IsOptional)
            && constructor.Parameters.Take(count).All(parameter => Scope.IsIntegral(parameter.Type) || Scope.IsReal(parameter.Type)))
        .OrderBy(constructor => constructor.Parameters.Length)
        .Select(constructor => (IReadOnlyList<IParameterSymbol>)constructor.Parameters)
        .FirstOrDefault();

    private static IEnumerable<IMethodSymbol> Constructors(INamedTypeSymbol type) =>
        type.InstanceConstructors.Where(constructor => constructor.DeclaredAccessibility is not (Accessibility.Private or Accessibility.Protected));

    private static string Describe(INamedTypeSymbol type)
    {
        var lists = Constructors(type)
            .Select(constructor => $"({string.Join(", ", constructor.Parameters.Select(parameter => parameter.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)))})")
            .ToList();
        return lists.Count == 0 ? "it has no constructor that can be called here" : $"its constructor takes {string.Join(" or ", lists)}, and a stack passes numbers";
    }

    /// <summary>
    /// Whether the model can stand in this one. What it declares is told if its source is in this compilation: private methods of a class from a reference are not imported.
    /// </summary>
    private static bool CanBeConstructed(INamedTypeSymbol type, AttributeReader attribute, out ModelDeclaration? declaration)
    {
        declaration = null;
        var container = s_reading![s_reading.Count - 1];
        if (Same(type, container))
        {
            attribute.Scope.Problems.Add(Problems.StackOfItself(type.Name, attribute.Origin));
            return false;
        }

        if (Contains(type, container, []))
        {
            attribute.Scope.Problems.Add(Problems.StackOfContainer(type.Name, container.Name, attribute.Origin));
            return false;
        }

        if (type.DeclaringSyntaxReferences.Length == 0 || s_reading.Count >= DeepestNesting || s_reading.Any(outer => Same(outer, type)))
        {
            return true;
        }

        declaration = ModelReader.Read(type);
        // Where it cannot be made a model itself, that is told at its own declaration.
        return declaration.Type is { CanExtend: true, CanDerive: true };
    }

    /// <summary>Whether a model holds the other one, at any depth.</summary>
    private static bool Contains(INamedTypeSymbol type, INamedTypeSymbol other, HashSet<string> visited) =>
        visited.Add(type.OriginalDefinition.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat))
        && ModelReader.Blocks(type)
            .SelectMany(Symbols.Attributes)
            .Where(stack => stack.AttributeClass is { Name: "StackAttribute" })
            .SelectMany(stack => stack.AttributeClass!.TypeArguments.OfType<INamedTypeSymbol>())
            .Any(inner => Same(inner, other) || Contains(inner, other, visited));

    private static bool Same(INamedTypeSymbol left, INamedTypeSymbol right) => SymbolEqualityComparer.Default.Equals(left.OriginalDefinition, right.OriginalDefinition);

    private static string Text(INamedTypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

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
