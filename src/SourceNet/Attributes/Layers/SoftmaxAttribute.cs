namespace SourceNet;

/// <summary>
/// <c>eˣ / Σ eˣ</c> over the last axis (over the channels of an image); the shape stays. Cross-entropy wants logits: leave it out before that loss.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class SoftmaxAttribute : LayerAttribute
{
    /// <summary>Whether the logarithm of the softmax is computed.</summary>
    public bool Log { get; set; }
}
