namespace SourceNet;

/// <summary>Marks a <c>partial class</c> whose annotated partial methods declare a model. The generator makes it a <see cref="Model"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ModelAttribute : Attribute
{
    /// <summary>
    /// Whether neighboring layers (norm, activation, dropout) may be computed by one kernel. Switched off, every layer is computed by its own module, so that
    /// its hooks run; the mathematics is the same.
    /// </summary>
    public bool Fuse { get; set; } = true;
}
