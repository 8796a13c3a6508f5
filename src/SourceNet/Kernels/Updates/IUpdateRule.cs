using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Updates;

/// <summary>How one vector of weights follows one vector of gradients. The loop is <see cref="UpdateLoop"/>'s.</summary>
internal interface IUpdateRule
{
    /// <param name="coefficients">The parameter's numbers.</param>
    /// <param name="scale">What every gradient is multiplied with: clipping.</param>
    /// <param name="at">Where the loop's range begins.</param>
    /// <param name="index">The first lane's element, counted from there.</param>
    /// <param name="extent">How many lanes there are.</param>
    static abstract void Step<TVector, TExtent>(in UpdateCoefficients coefficients, TVector scale, in TensorPointers at, long index, TExtent extent)
        where TVector : unmanaged, ISimdVector<TVector>
        where TExtent : struct, IVectorExtent;
}
