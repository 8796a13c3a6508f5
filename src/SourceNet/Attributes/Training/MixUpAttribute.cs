namespace SourceNet;

/// <summary>
/// Trains on mixtures of two images and of their labels (Zhang et al. 2018). The <c>Trainer</c> of SourceNet.Training does it; a loop of your own finds it in
/// <see cref="Model.DeclaredTraining"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MixUpAttribute : Attribute
{
    /// <param name="alpha">Both parameters of the Beta distribution that the share is drawn from, above 0.</param>
    public MixUpAttribute(double alpha = 0.2) => Alpha = alpha;

    /// <param name="alpha">Both parameters of the Beta distribution that the share is drawn from, above 0, as an expression over constructor parameters and
    /// constants: <c>nameof(alpha)</c>.</param>
    public MixUpAttribute(string alpha) => Alpha = alpha;

    /// <summary>Both parameters of the Beta distribution that the share is drawn from, above 0: a <see cref="double"/> or an expression.</summary>
    public object Alpha { get; }
}
