namespace SourceNet.Modeling.Regularizers;

/// <summary>How an attribute says the strength of its regularizer.</summary>
public abstract record StrengthArgument
{
    private StrengthArgument()
    {
    }

    /// <summary>What stands in the attribute's parentheses to switch the regularizer off; null if nothing does.</summary>
    public abstract string? Off { get; }

    /// <summary>Whether a strength switches the regularizer off.</summary>
    public virtual bool IsOff(Strength strength) => strength.IsZero;

    /// <summary>The first argument, a number or an expression.</summary>
    /// <param name="What">What it is, at the start of an error: <c>The strength</c>.</param>
    public sealed record Number(string What, NumberRange Range) : StrengthArgument
    {
        /// <summary>A second number, given by name.</summary>
        public NamedNumber? Also { get; init; }

        /// <summary>The number that changes nothing.</summary>
        public int Neutral { get; init; }

        public override string? Off => Range.Includes(Neutral) ? $"{Neutral}" : null;

        public override bool IsOff(Strength strength) => strength.Value.Value == Neutral;
    }

    /// <summary>Nothing for on, <c>false</c> for off.</summary>
    public sealed record Switch : StrengthArgument
    {
        /// <summary>The property with a whole number, which is the strength; without one the strength is 1.</summary>
        public string? Count { get; init; }

        /// <summary>The least such number.</summary>
        public int Least { get; init; } = 1;

        /// <summary>What the number is, where it is not simply how often: <c>until epoch</c>.</summary>
        public string Setting { get; init; } = "";

        public override string Off => "false";
    }
}

/// <summary>A number that an attribute's property gives.</summary>
/// <param name="Otherwise">The number if nothing is said.</param>
public sealed record NamedNumber(string Name, NumberRange Range, double Otherwise)
{
    /// <summary>Whether it is a whole number.</summary>
    public bool IsWhole { get; init; }
}
