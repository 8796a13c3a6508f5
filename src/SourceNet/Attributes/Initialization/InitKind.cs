#if SOURCENET_MODELING // The compiler's components have the same enum, from this file.
namespace SourceNet.Modeling;
#else
namespace SourceNet;
#endif

/// <summary>What weights start from. Biases beside them start from 0, but with <see cref="Default"/>.</summary>
public enum InitKind
{
    /// <summary>TorchSharp's own start of each layer, for weights and biases: switches off what the class says.</summary>
    Default,

    /// <summary>0, as for the last norm of a residual body, which makes the block start as the identity (Goyal et al. 2017).</summary>
    Zeros,

    /// <summary>A number.</summary>
    Constant,

    /// <summary>Normal around 0, of a standard deviation.</summary>
    Normal,

    /// <summary>Normal around 0, drawn again beyond two standard deviations: what comes out spreads by 0.88 of the number.</summary>
    TruncatedNormal,

    /// <summary>Uniform between minus and plus a number.</summary>
    Uniform,

    /// <summary>Uniform of the variance <c>2 gain² / (fan in + fan out)</c> (Glorot and Bengio 2010). The gain is 1 if nothing is said.</summary>
    XavierUniform,

    /// <summary>Normal of the variance <c>2 gain² / (fan in + fan out)</c> (Glorot and Bengio 2010). The gain is 1 if nothing is said.</summary>
    XavierNormal,

    /// <summary>Uniform of the variance <c>gain² / fan</c> (He et al. 2015). The gain is √2 if nothing is said, that of ReLU.</summary>
    KaimingUniform,

    /// <summary>Normal of the variance <c>gain² / fan</c> (He et al. 2015). The gain is √2 if nothing is said, that of ReLU.</summary>
    KaimingNormal,

    /// <summary>Orthonormal rows or columns times a gain (Saxe et al. 2014). The gain is 1 if nothing is said.</summary>
    Orthogonal,
}
