namespace SourceNet;

/// <summary>Adds a learned vector for each position: <c>[T, dim] → [T, dim]</c>, T at most <see cref="MaxLength"/> (checked at run time).</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class PositionEmbeddingAttribute : LayerAttribute
{
    /// <param name="maxLength">The number of positions, at least 1.</param>
    public PositionEmbeddingAttribute(int maxLength) => MaxLength = maxLength;

    /// <inheritdoc cref="PositionEmbeddingAttribute(int)"/>
    public PositionEmbeddingAttribute(string maxLength) => MaxLength = maxLength;

    /// <summary>The number of positions: an <see cref="int"/> or an expression.</summary>
    public object MaxLength { get; }

    /// <summary>
    /// What the weight starts from, of the kinds that need no number; what <see cref="InitAttribute"/> says of block and class if nothing is said.
    /// </summary>
    public InitKind Init { get; set; }
}
