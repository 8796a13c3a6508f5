namespace SourceNet;

/// <summary>Sets negative weights to 0 after each optimizer step.</summary>
/// <remarks>On the class: for every block's weights.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NonNegativeAttribute : Attribute;
