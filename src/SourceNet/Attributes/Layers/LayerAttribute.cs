namespace SourceNet;

/// <summary>A layer of a block: layers apply in the order in which their attributes are written.</summary>
/// <remarks>On a block method it adds the layer. On the class, where an attribute allows it, it is the default of every block.</remarks>
public abstract class LayerAttribute : Attribute
{
    /// <summary>
    /// The layer's name inside its block in the <c>state_dict</c>; the layer's role (<c>conv</c>, <c>norm</c>, <c>linear</c>, ...) if nothing is said.
    /// </summary>
    public string? Name { get; set; }
}
