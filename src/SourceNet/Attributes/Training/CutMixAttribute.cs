namespace SourceNet;

/// <summary>
/// Trains on images with a rectangle of another one, and on labels mixed by area (Yun et al. 2019). The <c>Trainer</c> of SourceNet.Training does it; a loop
/// of your own finds it in <see cref="Model.DeclaredTraining"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CutMixAttribute : Attribute
{
    /// <param name="alpha">Both parameters of the Beta distribution that the area is drawn from, above 0.</param>
    public CutMixAttribute(double alpha = 1) => Alpha = alpha;

    /// <param name="alpha">Both parameters of the Beta distribution that the area is drawn from, above 0, as an expression over constructor parameters and
    /// constants: <c>nameof(alpha)</c>.</param>
    public CutMixAttribute(string alpha) => Alpha = alpha;

    /// <summary>Both parameters of the Beta distribution that the area is drawn from, above 0: a <see cref="double"/> or an expression.</summary>
    public object Alpha { get; }
}
