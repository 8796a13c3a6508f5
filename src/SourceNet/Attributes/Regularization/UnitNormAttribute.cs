namespace SourceNet;

/// <summary>Scales each unit's incoming weights to an L2 norm of 1 after each optimizer step.</summary>
/// <remarks>On the class: the default of every block, which <c>[UnitNorm(false)]</c> on a block switches off.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class UnitNormAttribute : Attribute
{
    /// <param name="enabled">False to switch the class's default off.</param>
    public UnitNormAttribute(bool enabled = true) => Enabled = enabled;

    /// <summary>Whether the constraint acts; false switches the class's default off.</summary>
    public bool Enabled { get; }
}
