#if SOURCENET_MODELING // The compiler's components have the same enum, from this file.
namespace SourceNet.Modeling;
#else
namespace SourceNet;
#endif

/// <summary>What a regularizer does, as far as advice depends on it.</summary>
public enum RegularizationEffect
{
    /// <summary>It makes activations or weights random in train mode.</summary>
    Noise,
    /// <summary>It pulls weights towards 0.</summary>
    Shrinkage,
    /// <summary>It keeps weights in a set.</summary>
    Constraint,
    /// <summary>It keeps the function smooth, or its predictions modest.</summary>
    Smoothing,
    /// <summary>It trains on mixtures of samples.</summary>
    Mixing,
    /// <summary>It normalizes activations.</summary>
    Normalization,
    /// <summary>It makes training steadier and takes no capacity away.</summary>
    Stabilization,
    /// <summary>It ends the training.</summary>
    Stopping,
}
