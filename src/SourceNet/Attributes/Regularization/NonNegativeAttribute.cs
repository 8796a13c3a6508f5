namespace SourceNet;

/// <summary>Sets negative weights to 0 after each optimizer step.</summary>
/// <remarks>On the class: the default of every block, which <c>[NonNegative(false)]</c> on a block switches off.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NonNegativeAttribute : Attribute
{
    /// <param name="enabled">False to switch the class's default off.</param>
    public NonNegativeAttribute(bool enabled = true) => Enabled = enabled;

    /// <summary>Whether the constraint acts; false switches the class's default off.</summary>
    public bool Enabled { get; }
}
