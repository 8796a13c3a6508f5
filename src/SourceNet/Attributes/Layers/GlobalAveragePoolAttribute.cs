namespace SourceNet;

/// <summary>The mean over everything but the channels: <c>[C, ...] → [C]</c>; of a sequence over its positions: <c>[T, dim] → [dim]</c>.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class GlobalAveragePoolAttribute : LayerAttribute;
