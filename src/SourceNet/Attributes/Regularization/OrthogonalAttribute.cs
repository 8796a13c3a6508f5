namespace SourceNet;

/// <summary>
/// Replaces each weight, as a matrix <c>[out, in·…]</c>, by the nearest one with orthonormal rows or columns after each optimizer step (the polar factor).
/// </summary>
/// <remarks>On the class: the default of every block, which <c>[Orthogonal(false)]</c> on a block switches off.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class OrthogonalAttribute : Attribute
{
    /// <param name="enabled">False to switch the class's default off.</param>
    public OrthogonalAttribute(bool enabled = true) => Enabled = enabled;

    /// <summary>Whether the constraint acts; false switches the class's default off.</summary>
    public bool Enabled { get; }
}
