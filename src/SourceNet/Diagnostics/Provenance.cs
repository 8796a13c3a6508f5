namespace SourceNet;

/// <summary>Why a regularizer is where it is.</summary>
public enum Provenance
{
    /// <summary>Declared on the block or the layer itself.</summary>
    Explicit,
    /// <summary>Declared on the class as the default of its blocks.</summary>
    Default,
    /// <summary>Follows from something else: what acts on weights spares biases, norms and embeddings.</summary>
    Derived,
}
