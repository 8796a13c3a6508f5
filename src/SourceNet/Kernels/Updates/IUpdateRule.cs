using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Updates;

/// <summary>Where one vector of weights goes. <see cref="UpdateLoop"/> takes it there, with decay, L1 and lower bound.</summary>
internal interface IUpdateRule
{
    /// <summary>The direction, after what the rule remembers has taken in the gradient.</summary>
    /// <param name="coefficients">The parameter's numbers.</param>
    /// <param name="scale">What every gradient is multiplied with: clipping.</param>
    /// <param name="at">Where the loop's range begins.</param>
    /// <param name="index">The first lane's element, counted from there.</param>
    /// <param name="extent">How many lanes there are.</param>
    static abstract TVector Direction<TVector, TExtent>(in UpdateCoefficients coefficients, TVector scale, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent;
}
