#if SOURCENET_MODELING // The compiler's components have the same enum, from this file.
namespace SourceNet.Modeling;
#else
namespace SourceNet;
#endif

/// <summary>Why a regularizer is where it is.</summary>
public enum Provenance
{
    /// <summary>Declared on the block or the layer itself.</summary>
    Explicit,
    /// <summary>Declared on the class as the default of its blocks.</summary>
    Default,
    /// <summary>Follows from something else: what acts on weights spares biases, norms and embeddings.</summary>
    Derived,
    /// <summary>Written in code that no attribute declares: a part of the model's own, a hand-written model.</summary>
    Code,
}
