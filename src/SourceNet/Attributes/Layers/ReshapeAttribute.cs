namespace SourceNet;

/// <summary>Another shape of the same number of elements, per sample: <c>[Reshape(256, 4, 4)]</c>. The batch axis stays.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ReshapeAttribute : LayerAttribute
{
    /// <param name="sizes">The new sizes without the batch: each an <see cref="int"/> or an expression.</param>
    public ReshapeAttribute(params object[] sizes) => Sizes = sizes;

    /// <summary>The new sizes without the batch.</summary>
    public object[] Sizes { get; }
}
