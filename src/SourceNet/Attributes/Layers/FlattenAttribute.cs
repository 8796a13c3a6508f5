namespace SourceNet;

/// <summary>One axis of everything: <c>[C, H, W] → [C·H·W]</c>. The batch axis stays.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class FlattenAttribute : LayerAttribute;
