namespace SourceNet.Modeling.Graph;

/// <summary>A class with <c>[Augmentation]</c> as its author wrote it. Values only, no symbol of the compiler.</summary>
/// <param name="Transforms">The changes in the order in which they are made.</param>
public sealed record AugmentationDeclaration(TypeIdentity Type, EquatableArray<ImageTransform> Transforms, EquatableArray<Problem> Problems);

/// <summary>A change of images.</summary>
/// <param name="Kind">Its attribute: <c>RandomCrop</c>.</param>
/// <param name="Slot">The parameter of an augmentation's constructor: <c>crop</c>.</param>
/// <param name="Arguments">What was said about it.</param>
public sealed record ImageTransform(string Kind, string Slot, EquatableArray<TransformArgument> Arguments, Origin Origin)
{
    /// <summary>As a person would write it: <c>RandomCrop(size 32, padding 4)</c>.</summary>
    public override string ToString() => Arguments.Count == 0 ? Kind : $"{Kind}({string.Join(", ", Arguments)})";
}

/// <param name="Name">The constructor's parameter: <c>padding</c>.</param>
/// <param name="Code">Its value as C#.</param>
/// <param name="Text">Its value as a person would write it.</param>
public sealed record TransformArgument(string Name, string Code, string Text)
{
    public override string ToString() => $"{Name} {Text}";
}
