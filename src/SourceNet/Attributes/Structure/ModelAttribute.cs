namespace SourceNet;

/// <summary>Marks a <c>partial class</c> whose annotated partial methods declare a model. The generator makes it a <see cref="Model"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ModelAttribute : Attribute;
