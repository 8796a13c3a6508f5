namespace SourceNet.Modeling.Graph;

/// <summary>Who decided a value.</summary>
public enum Provenance
{
    /// <summary>Written on the block.</summary>
    Explicit,

    /// <summary>Written on the class.</summary>
    Default,

    /// <summary>Follows from something else: no decay of biases.</summary>
    Derived,
}
