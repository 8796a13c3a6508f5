namespace SourceNet;

/// <summary>A layer that holds a weight and, mostly, a bias.</summary>
public abstract class WeightedLayerAttribute : LayerAttribute
{
    /// <summary>Whether the layer has a bias. If nothing is said it has one, unless the norm that follows directly would remove it.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>
    /// What the weight starts from, of the kinds that need no number; what <see cref="InitAttribute"/> says of block and class if nothing is said.
    /// </summary>
    public InitKind Init { get; set; }
}
