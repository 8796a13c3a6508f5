namespace SourceNet;

/// <summary>Makes a feature map larger without weights: <c>[C, H, W] → [C, scale · H, scale · W]</c>, for one to three axes.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class UpsampleAttribute : LayerAttribute
{
    /// <param name="scale">How many times larger each axis becomes, at least 1.</param>
    public UpsampleAttribute(int scale) => Scale = scale;

    /// <param name="scale">The scale as an expression over constructor parameters and constants.</param>
    public UpsampleAttribute(string scale) => Scale = scale;

    /// <summary>How many times larger each axis becomes: an <see cref="int"/> or an expression.</summary>
    public object Scale { get; }

    /// <summary>What the new cells are. The nearest old ones if nothing is said.</summary>
    public UpsampleKind Kind { get; set; }

    /// <summary>Whether the corners of both maps lie on each other, of Linear and Cubic; else their edges do. PyTorch's <c>align_corners</c>.</summary>
    public bool AlignCorners { get; set; }
}
