namespace SourceNet.Training;

/// <summary>
/// A class that changes images at random before a model learns from them. Its other attributes say how; the generator makes it an <see cref="Augmentation"/>.
/// The order of the attributes does not matter: the changes are always made in the order crop, flip, rotation and affine change, policy, colors,
/// standardization, erasing.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AugmentationAttribute : Attribute;
