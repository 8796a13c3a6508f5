namespace SourceNet;

/// <summary>
/// The name in the <c>state_dict</c>: of a block (instead of the method's name in snake_case) or of a hand-written module or parameter (instead of the
/// field's). Dots nest: <c>[Name("encoder.stem")]</c>. The empty name on a block puts its layers on the model itself.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Field | AttributeTargets.Property)]
public sealed class NameAttribute : Attribute
{
    /// <param name="name">The path, in PyTorch's spelling.</param>
    public NameAttribute(string name) => Name = name;

    /// <summary>The path.</summary>
    public string Name { get; }
}
