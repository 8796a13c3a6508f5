namespace SourceNet;

/// <summary>
/// Scales all gradients together so that their global L2 norm is at most a bound, on their way into the optimizer's step (Pascanu et al. 2013).
/// </summary>
/// <remarks>
/// As <c>clip_grad_norm_</c> followed by a step, except that the gradients themselves keep their values: no pass over memory is spent on writing them back.
/// </remarks>
public sealed record GradientClip
{
    /// <param name="maxNorm">The largest global L2 norm of the gradients: above 0 and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not above 0, or not finite.</exception>
    public GradientClip(double maxNorm)
    {
        if (!(maxNorm > 0) || double.IsInfinity(maxNorm))
        {
            throw new ArgumentOutOfRangeException(nameof(maxNorm), maxNorm, "The largest norm of the gradients must be above 0 and finite.");
        }
        MaxNorm = maxNorm;
    }

    /// <summary>The largest global L2 norm of the gradients.</summary>
    public double MaxNorm { get; }
}
