using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Regularizers;

/// <summary>How strong a regularizer is: a number or an expression, and of a norm the name of the setting that it is.</summary>
/// <param name="Value">The rate, decay, bound or other number.</param>
/// <param name="Setting">What the number is where the regularizer does not tell: <c>eps</c> of a norm; else empty.</param>
public sealed record Strength(Rate Value, string Setting = "")
{
    /// <summary>As a person reads it: <c>0.3</c>, <c>dropout / 2</c>, <c>eps 1E-05</c>.</summary>
    public string Text => Setting.Length == 0 ? Value.Text : $"{Setting} {Value.Text}";

    public override string ToString() => Text;
}
