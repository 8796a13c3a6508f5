namespace SourceNet;

/// <summary>A table of vectors that is looked up by index: Int64 <c>[T] → [T, dim]</c>.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class EmbeddingAttribute : LayerAttribute
{
    /// <param name="count">The number of vectors (the vocabulary), at least 1.</param>
    /// <param name="dim">The size of a vector, at least 1.</param>
    public EmbeddingAttribute(int count, int dim) => (Count, Dim) = (count, dim);

    /// <inheritdoc cref="EmbeddingAttribute(int, int)"/>
    public EmbeddingAttribute(string count, string dim) => (Count, Dim) = (count, dim);

    /// <inheritdoc cref="EmbeddingAttribute(int, int)"/>
    public EmbeddingAttribute(int count, string dim) => (Count, Dim) = (count, dim);

    /// <inheritdoc cref="EmbeddingAttribute(int, int)"/>
    public EmbeddingAttribute(string count, int dim) => (Count, Dim) = (count, dim);

    /// <summary>The number of vectors: an <see cref="int"/> or an expression.</summary>
    public object Count { get; }

    /// <summary>The size of a vector: an <see cref="int"/> or an expression.</summary>
    public object Dim { get; }

    /// <summary>The index whose vector is zero and gets no gradient; none if nothing is said.</summary>
    public int PaddingIndex { get; set; } = -1;

    /// <summary>
    /// What the weight starts from, of the kinds that need no number; what <see cref="InitAttribute"/> says of block and class if nothing is said.
    /// </summary>
    public InitKind Init { get; set; }
}
