namespace SourceNet.Modeling.Graph;

/// <summary>A class with <c>[Augmentation]</c> as its author wrote it. Values only, no symbol of the compiler.</summary>
/// <param name="Transforms">The changes in the order in which they are made.</param>
public sealed record AugmentationDeclaration(TypeIdentity Type, EquatableArray<ImageTransform> Transforms, EquatableArray<Problem> Problems);

/// <summary>A change of images.</summary>
/// <param name="Kind">Its attribute: <c>RandomCrop</c>.</param>
/// <param name="Arguments">What was said about it.</param>
public sealed record ImageTransform(string Kind, EquatableArray<TransformArgument> Arguments, Origin Origin)
{
    /// <summary>As a person would write it: <c>RandomCrop(size 32, padding 4)</c>.</summary>
    public override string ToString() => Arguments.Count == 0 ? Kind : $"{Kind}({string.Join(", ", Arguments)})";
}

/// <param name="Name">The constructor's parameter: <c>padding</c>.</param>
/// <param name="Values">One number, or one for each channel.</param>
/// <param name="IsList">Whether it is a list, even of one.</param>
public sealed record TransformArgument(string Name, EquatableArray<double> Values, bool IsList)
{
    /// <summary>The value as C# and as a person would write it.</summary>
    public string Text => IsList ? $"[{string.Join(", ", Values.Select(Sizes.Expression.Format))}]" : Sizes.Expression.Format(Values[0]);

    public override string ToString() => $"{Name} {Text}";
}
