namespace SourceNet;

/// <summary>Scales each unit's incoming weights to an L2 norm of 1 after each optimizer step.</summary>
/// <remarks>On the class: for every block's weights.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class UnitNormAttribute : Attribute;
