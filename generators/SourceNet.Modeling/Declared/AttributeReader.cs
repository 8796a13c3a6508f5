using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Declared;

/// <summary>One attribute with the scope of its class: reads arguments that may be missing, mistyped or half-typed, and never throws.</summary>
internal sealed class AttributeReader(AttributeData data, Scope scope, Origin origin)
{
    public const string Rates = "in [0, 1)";

    /// <summary>The attribute's name without its suffix.</summary>
    public string Name => NameOf(data.AttributeClass!);

    public AttributeData Data => data;

    public Origin Origin => origin;

    public Scope Scope => scope;

    /// <summary>Whether the compiler could bind the attribute; if not, it has said so, and nothing here can be trusted.</summary>
    public bool IsBound => data.AttributeConstructor is { } constructor && constructor.Parameters.Length == data.ConstructorArguments.Length
        && NamedArgumentsAreKnown
        && !data.ConstructorArguments.Concat(data.NamedArguments.Select(pair => pair.Value)).Any(HasError);

    /// <summary>Of a misspelled one nothing is left but its text.</summary>
    private bool NamedArgumentsAreKnown => data.ApplicationSyntaxReference?.GetSyntax() is not AttributeSyntax { ArgumentList.Arguments: var arguments }
        || arguments.Count(argument => argument.NameEquals is not null) == data.NamedArguments.Length;

    public static string NameOf(INamedTypeSymbol attribute) =>
        attribute.Name.EndsWith("Attribute", StringComparison.Ordinal) ? attribute.Name.Substring(0, attribute.Name.Length - 9) : attribute.Name;

    public object? Positional(int index) => index < data.ConstructorArguments.Length ? ValueOf(data.ConstructorArguments[index]) : null;

    public object? Named(string name) => data.NamedArguments.FirstOrDefault(pair => pair.Key == name) is { Key: not null } found ? ValueOf(found.Value) : null;

    public bool Says(string name) => data.NamedArguments.Any(pair => pair.Key == name);

    public bool Flag(string name, bool otherwise = false) => Named(name) as bool? ?? otherwise;

    public bool? OptionalFlag(string name) => Named(name) as bool?;

    public double Real(string name, double otherwise)
    {
        if (Named(name) is not double value)
        {
            return otherwise;
        }

        if (!double.IsNaN(value) && !double.IsInfinity(value))
        {
            return value;
        }

        scope.Problems.Add(Problems.OutOfRange($"{name} of {Name}", "a finite number", value, origin));
        return otherwise;
    }

    public string? Text(string name) => Named(name) as string;

    public Dim Size(object? value, string what, long least = 1, OpenSizes open = OpenSizes.None) => scope.Size(value, $"{what} of {Name}", least, origin, open);

    public Dim NamedSize(string name, long otherwise, long least = 1) => Says(name) ? Size(Named(name), name, least) : otherwise;

    public Rate Rate(object? value, string what = "The rate") => Rate(value, what, rate => rate is >= 0 and < 1, Rates);

    public Rate Rate(object? value, string what, Func<double, bool> isInRange, string range) => scope.Rate(value, $"{what} of {Name}", isInRange, range, origin);

    /// <summary>Sizes of a window: one for all <paramref name="rank"/> axes, or one an axis.</summary>
    public EquatableArray<Dim> Window(object? value, string what, int rank, long least)
    {
        List<Dim> sizes;
        if (value is object?[] items)
        {
            sizes = items.Select(item => Size(item, what, least)).ToList();
        }
        else if (value is string text && text.IndexOf(',') >= 0)
        {
            if (Expression.ParseList(text, out var error) is not { } expressions)
            {
                scope.Problems.Add(Problems.BadExpression(text, error!, origin));
                return Repeat(Dim.Unknown, rank);
            }

            sizes = expressions.Select(expression => scope.Size(expression, text, $"{what} of {Name}", least, origin)).ToList();
        }
        else
        {
            sizes = [Size(value, what, least)];
        }

        if (sizes.Count == 1)
        {
            return Repeat(sizes[0], rank);
        }

        if (sizes.Count != rank)
        {
            scope.Problems.Add(Problems.WrongValue($"{what} of {Name}", rank == 1 ? "one number" : $"one number or {rank}", $"{sizes.Count}", origin));
            return Repeat(Dim.Unknown, rank);
        }

        return sizes.ToEquatableArray();
    }

    public EquatableArray<Dim> NamedWindow(string name, long otherwise, int rank, long least) =>
        Says(name) ? Window(Named(name), name, rank, least) : Repeat(otherwise, rank);

    /// <summary>An enum argument as its number; null if it is none of the enum's <paramref name="count"/> values.</summary>
    public int? Choice(object? value, int count, string what)
    {
        if (value is int number && number >= 0 && number < count)
        {
            return number;
        }

        scope.Problems.Add(Problems.WrongValue($"{what} of {Name}", "a value of its enum", value?.ToString() ?? "nothing", origin));
        return null;
    }

    public static EquatableArray<Dim> Repeat(Dim size, int rank) => Enumerable.Repeat(size, rank).ToEquatableArray();

    private static bool HasError(TypedConstant constant) =>
        constant.Kind == TypedConstantKind.Error || (constant.Kind == TypedConstantKind.Array && !constant.IsNull && constant.Values.Any(HasError));

    private static object? ValueOf(TypedConstant constant) => constant.Kind switch
    {
        TypedConstantKind.Error => null,
        TypedConstantKind.Array => constant.IsNull ? null : constant.Values.Select(ValueOf).ToArray(),
        _ => constant.Value,
    };
}
