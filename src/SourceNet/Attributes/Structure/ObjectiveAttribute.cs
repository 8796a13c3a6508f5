namespace SourceNet;

/// <summary>Decides what <see cref="Model.Loss"/> computes; cross-entropy if nothing is said.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ObjectiveAttribute : Attribute
{
    /// <param name="kind">The objective.</param>
    public ObjectiveAttribute(ObjectiveKind kind) => Kind = kind;

    /// <summary>The objective.</summary>
    public ObjectiveKind Kind { get; }
}
