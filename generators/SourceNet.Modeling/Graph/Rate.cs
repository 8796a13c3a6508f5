using System.Globalization;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Graph;

/// <summary>A rate or strength: a number, or an expression over constructor parameters that is known at run time.</summary>
/// <param name="Text">As a person wrote it: <c>0.3</c>, <c>dropout / 2</c>.</param>
/// <param name="CSharp">As a C# expression of type double, independent of culture.</param>
/// <param name="Value">The number, if it is known at compile time.</param>
public sealed record Rate(string Text, string CSharp, double? Value)
{
    /// <summary>What a declaration says that is known at run time only; null for a number, and for what code that no attribute declares comes to.</summary>
    public Expression? Formula { get; init; }

    public static Rate Zero { get; } = Of(0);

    /// <summary>One that hand-written code gives and reading cannot tell.</summary>
    public static Rate Unknown { get; } = new("?", "?", null) { IsKnown = false };

    /// <summary>Whether it is a number or an expression; else it cannot be told.</summary>
    public bool IsKnown { get; init; } = true;

    public bool IsZero => Value == 0;

    public static Rate Of(double value)
    {
        var text = Expression.Format(value);
        // 1E-05 is a double in C#; 1 is not.
        return new(text, text.IndexOfAny(['.', 'E']) >= 0 ? text : text + ".0", value);
    }

    public static Rate operator +(Rate left, Rate right) =>
        !left.IsKnown || !right.IsKnown ? Unknown
        : left.IsZero ? right
        : right.IsZero ? left
        : left.Value + right.Value is { } sum ? Of(Rounded(sum))
        : new($"{left.Text} + {right.Text}", $"{left.CSharp} + {right.CSharp}", null) { Formula = Combined('+', left, right) };

    public static Rate operator *(Rate left, Rate right) =>
        left.IsZero || right.IsZero ? Zero
        : !left.IsKnown || !right.IsKnown ? Unknown
        : left.Value == 1 ? right
        : right.Value == 1 ? left
        : left.Value * right.Value is { } product ? Of(Rounded(product))
        : new($"{Grouped(left.Text)} * {Grouped(right.Text)}", $"{Grouped(left.CSharp)} * {Grouped(right.CSharp)}", null)
        {
            Formula = Combined('*', left, right),
        };

    /// <summary>What is left to 1.</summary>
    public Rate Complement() => !IsKnown ? Unknown
        : Value is { } value
        ? Of(Rounded(1 - value))
        : new($"1 - {Grouped(Text)}", $"1.0 - {Grouped(CSharp)}", null) { Formula = Combined('-', Of(1), this) };

    private Expression? Term => Value is { } value ? new Expression.Number(value, IsInteger: false) : Formula;

    private static Expression? Combined(char @operator, Rate left, Rate right) =>
        left.Term is { } first && right.Term is { } second ? new Expression.Binary(@operator, first, second) : null;

    /// <summary>0.1 * 0.75 is 0.075, and not 0.07500000000000001.</summary>
    private static double Rounded(double value) => double.Parse(value.ToString("G15", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Grouped(string text) => text.Any(c => c is '+' or '-' or '*' or '/') ? $"({text})" : text;
}
