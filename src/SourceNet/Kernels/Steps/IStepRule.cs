using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Steps;

/// <summary>How one vector of weights follows one vector of gradients. The loop is <see cref="StepLoop"/>'s.</summary>
internal unsafe interface IStepRule
{
    /// <param name="numbers">The parameter's numbers.</param>
    /// <param name="scale">What every gradient is multiplied with: clipping.</param>
    /// <param name="at">Where the vectors are.</param>
    static abstract void Step<TVector>(in StepNumbers numbers, TVector scale, StepPlace at)
        where TVector : struct, ISimdVector<TVector>;
}
