namespace SourceNet;

/// <summary>
/// Averages the weights of the last epochs with equal weight, which is evaluated and saved in their place (Izmailov et al. 2018). The <c>Trainer</c> of
/// SourceNet.Training does it; a loop of your own finds it in <see cref="Model.DeclaredTraining"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SwaAttribute : Attribute
{
    /// <param name="from">The share of the epochs after which averaging starts, in [0, 1).</param>
    public SwaAttribute(double from = 0.75) => From = from;

    /// <param name="from">The share of the epochs after which averaging starts, in [0, 1), as an expression over constructor parameters and constants:
    /// <c>nameof(from)</c>.</param>
    public SwaAttribute(string from) => From = from;

    /// <summary>The share of the epochs after which averaging starts, in [0, 1): a <see cref="double"/> or an expression.</summary>
    public object From { get; }
}
