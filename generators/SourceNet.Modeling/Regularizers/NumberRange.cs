namespace SourceNet.Modeling.Regularizers;

/// <summary>The numbers that a strength may be, and the words for the error about another one.</summary>
public sealed class NumberRange
{
    private readonly Func<double, bool> _includes;

    private NumberRange(string words, Func<double, bool> includes)
    {
        Words = words;
        _includes = includes;
    }

    /// <summary>A probability or share that leaves something: [0, 1).</summary>
    public static NumberRange Rate { get; } = new("in [0, 1)", value => value is >= 0 and < 1);

    /// <summary>A share: [0, 1].</summary>
    public static NumberRange Share { get; } = new("in [0, 1]", value => value is >= 0 and <= 1);

    /// <summary>(0, 1).</summary>
    public static NumberRange Inside0And1 { get; } = new("in (0, 1)", value => value is > 0 and < 1);

    public static NumberRange AtLeast0 { get; } = new("at least 0", value => value >= 0);

    public static NumberRange AtLeast1 { get; } = new("at least 1", value => value >= 1);

    public static NumberRange Above0 { get; } = new("above 0", value => value > 0);

    /// <summary>A bound, which 0 lifts.</summary>
    public static NumberRange Above0OrOff { get; } = new("above 0, or 0 to switch it off", value => value >= 0);

    /// <summary>After <c>must be</c>: <c>at least 0</c>.</summary>
    public string Words { get; }

    public bool Includes(double value) => _includes(value);
}
