using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>What a size may be made of besides what is known when the model is constructed.</summary>
internal enum OpenSizes
{
    None,

    /// <summary>Names that <c>[Input]</c> left open until run time.</summary>
    Used,

    /// <summary>A new name is one more that is open.</summary>
    Declared,
}

/// <summary>
/// What an attribute says, as plain values: a layer is read from it without a symbol of the compiler. Arguments may be missing, mistyped or half-typed, and
/// nothing throws.
/// </summary>
internal abstract class AttributeArguments
{
    private const string Rates = "in [0, 1)";

    /// <summary>The attribute's name without its suffix.</summary>
    public abstract string Name { get; }

    public abstract Origin Origin { get; }

    public abstract object? Positional(int index);

    public abstract object? Named(string name);

    public abstract bool Says(string name);

    public abstract void Report(Problem problem);

    /// <summary>A size that was given as a number or as the text of an expression.</summary>
    public abstract Dim Size(object? value, string what, long least = 1, OpenSizes open = OpenSizes.None);

    /// <summary>A rate or strength that was given as a number or as the text of an expression.</summary>
    public abstract Rate Rate(object? value, string what, Func<double, bool> isInRange, string range);

    /// <summary>The model that a stack repeats, which its type argument names.</summary>
    public abstract Layer? Stack();

    public bool Flag(string name, bool otherwise = false) => Named(name) as bool? ?? otherwise;

    public bool? OptionalFlag(string name) => Named(name) as bool?;

    public string? Text(string name) => Named(name) as string;

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

        Report(Problems.OutOfRange($"{name} of {Name}", "a finite number", value, Origin));
        return otherwise;
    }

    public Dim NamedSize(string name, long otherwise, long least = 1) => Says(name) ? Size(Named(name), name, least) : otherwise;

    public Rate Rate(object? value, string what = "The rate") => Rate(value, what, rate => rate is >= 0 and < 1, Rates);

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
                Report(Problems.BadExpression(text, error!, Origin));
                return Repeat(Dim.Unknown, rank);
            }

            sizes = expressions.Select(expression => Size(expression, text, what, least)).ToList();
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
            Report(Problems.WrongValue($"{what} of {Name}", rank == 1 ? "one number" : $"one number or {rank}", $"{sizes.Count}", Origin));
            return Repeat(Dim.Unknown, rank);
        }

        return sizes.ToEquatableArray();
    }

    public EquatableArray<Dim> NamedWindow(string name, long otherwise, int rank, long least) =>
        Says(name) ? Window(Named(name), name, rank, least) : Repeat(otherwise, rank);

    /// <summary>An enum argument; null, with a problem, if it is none of the enum's values.</summary>
    public T? Choice<T>(object? value, string what)
        where T : struct, Enum
    {
        if (value is int number && Enum.IsDefined(typeof(T), number))
        {
            return (T)Enum.ToObject(typeof(T), number);
        }

        Report(Problems.WrongValue($"{what} of {Name}", "a value of its enum", value?.ToString() ?? "nothing", Origin));
        return null;
    }

    public static EquatableArray<Dim> Repeat(Dim size, int rank) => Enumerable.Repeat(size, rank).ToEquatableArray();

    /// <summary>A size that was parsed already.</summary>
    protected abstract Dim Size(Expression expression, string text, string what, long least);
}
