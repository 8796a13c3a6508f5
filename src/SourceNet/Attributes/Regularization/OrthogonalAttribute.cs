namespace SourceNet;

/// <summary>Replaces each weight, as a matrix <c>[out, in·…]</c>, by the nearest one with orthonormal rows or columns after each optimizer step (the polar factor).</summary>
/// <remarks>On the class: for every block's weights.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class OrthogonalAttribute : Attribute;
