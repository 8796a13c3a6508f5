namespace SourceNet;

/// <summary>Marks the block that makes the logits: the class's defaults of norm, activation and dropout stay out of it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OutputAttribute : Attribute;
