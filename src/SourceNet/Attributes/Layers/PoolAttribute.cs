namespace SourceNet;

/// <summary>
/// What all pooling layers share. Every window setting is an <see cref="int"/> for all axes, an <c>int[]</c> with one value an axis, or an expression.
/// </summary>
public abstract class PoolAttribute : LayerAttribute
{
    /// <summary>Initialises the attribute with the size of the window.</summary>
    protected PoolAttribute(object kernel) => Kernel = kernel;

    /// <summary>The size of the window.</summary>
    public object Kernel { get; }

    /// <summary>The step of the window; its size if nothing is said.</summary>
    public object? Stride { get; set; }

    /// <summary>Added on both sides, at most half the window; 0 if nothing is said.</summary>
    public object Padding { get; set; } = 0;

    /// <summary>Whether a last, partial window counts.</summary>
    public bool CeilMode { get; set; }
}
