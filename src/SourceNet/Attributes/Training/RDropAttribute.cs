namespace SourceNet;

/// <summary>
/// Asks two forward passes with different dropout to agree: adds the symmetric Kullback-Leibler divergence to the loss (Liang et al. 2021). The
/// <c>Trainer</c> of SourceNet.Training does it; a loop of your own finds it in <see cref="Model.DeclaredTraining"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RDropAttribute : Attribute
{
    /// <param name="weight">The weight of the divergence, above 0.</param>
    public RDropAttribute(double weight = 1) => Weight = weight;

    /// <param name="weight">The weight of the divergence, above 0, as an expression over constructor parameters and constants: <c>nameof(weight)</c>.</param>
    public RDropAttribute(string weight) => Weight = weight;

    /// <summary>The weight of the divergence, above 0: a <see cref="double"/> or an expression.</summary>
    public object Weight { get; }
}
