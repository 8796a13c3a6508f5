namespace SourceNet;

/// <summary>
/// Takes each gradient at the worst point nearby: sharpness-aware minimization, which costs a second forward and backward pass (Foret et al. 2021). The
/// <c>Trainer</c> of SourceNet.Training does it; a loop of your own finds it in <see cref="Model.DeclaredTraining"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SamAttribute : Attribute
{
    /// <param name="rho">The radius of the neighborhood in the L2 norm, above 0.</param>
    public SamAttribute(double rho = 0.05) => Rho = rho;

    /// <param name="rho">The radius of the neighborhood in the L2 norm, above 0, as an expression over constructor parameters and constants:
    /// <c>nameof(rho)</c>.</param>
    public SamAttribute(string rho) => Rho = rho;

    /// <summary>The radius of the neighborhood in the L2 norm, above 0: a <see cref="double"/> or an expression.</summary>
    public object Rho { get; }
}
