using static TorchSharp.torch;

namespace SourceNet;

/// <summary>A gradient step by moving averages with two decay rates β₁ and β₂, which schedulers may change.</summary>
public abstract class RegularizedBetasOptimizer : RegularizedOptimizer, optim.IBetas
{
    private protected RegularizedBetasOptimizer(GradientClip? gradientClip) : base(gradientClip)
    {
    }

    /// <summary>The decay rates that groups added from now on start with; those of present groups are in <see cref="optim.Optimizer.ParamGroups"/>.</summary>
    public (double, double) Betas
    {
        get => (((BetaOptions)_defaults).Beta1, ((BetaOptions)_defaults).Beta2);
        set => (((BetaOptions)_defaults).Beta1, ((BetaOptions)_defaults).Beta2) = value;
    }
}
