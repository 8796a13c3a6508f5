using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Regularizers;

/// <summary>How strong a regularizer is: a number or an expression, and of a norm the name of the setting that it is.</summary>
/// <param name="Value">The rate, decay, bound or other number.</param>
/// <param name="Setting">What the number is where the regularizer does not tell: <c>eps</c> of a norm; else empty.</param>
public sealed record Strength(Rate Value, string Setting = "")
{
    /// <summary>A second number, of which policies compare nothing: the share of L1 in an elastic net.</summary>
    public Strength? Also { get; init; }

    /// <summary>Whether it is known to be 0, which switches a regularizer off.</summary>
    public bool IsZero => Value.IsZero;

    /// <summary>As a person reads it: <c>0.3</c>, <c>dropout / 2</c>, <c>eps 1E-05</c>, <c>0.1, L1Ratio 0.5</c>.</summary>
    public string Text => (Setting.Length == 0 ? Value.Text : $"{Setting} {Value.Text}") + (Also is null ? "" : $", {Also.Text}");

    public override string ToString() => Text;
}
