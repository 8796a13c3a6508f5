namespace SourceNet.Modeling.Declared;

/// <summary>A change of images that an augmentation can declare.</summary>
/// <param name="Name">Its attribute: <c>RandomCrop</c>.</param>
/// <param name="Slot">The parameter of an augmentation's constructor: <c>crop</c>.</param>
/// <param name="Does">What it does, for messages.</param>
/// <param name="IsRandom">Whether it draws, which regularizes.</param>
public sealed record TransformKind(string Name, string Slot, string Does, bool IsRandom = true)
{
    /// <summary>The slot that every policy goes into.</summary>
    public const string Policy = "policy";

    private const string Cuts = "cuts an image";

    /// <summary>In the order in which the changes are made, whatever the order of the attributes.</summary>
    public static IReadOnlyList<TransformKind> All { get; } = new TransformKind[]
    {
        new("RandomCrop", "crop", Cuts),
        new("RandomResizedCrop", "resizedCrop", Cuts),
        new("RandomHorizontalFlip", "flip", "mirrors an image"),
        new("RandomRotation", "rotation", "turns an image"),
        new("RandomAffine", "affine", "moves an image"),
        new("RandAugment", Policy, "is the policy"),
        new("TrivialAugment", Policy, "is the policy"),
        new("AugMix", Policy, "is the policy"),
        new("ColorJitter", "jitter", "changes colors"),
        new("Normalize", "normalize", "standardizes channels", IsRandom: false),
        new("RandomErasing", "erasing", "erases a part"),
    };

    /// <summary>The kind of an attribute; null if it is none.</summary>
    public static TransformKind? Find(string attribute) => All.FirstOrDefault(kind => kind.Name == attribute);

    /// <summary>Where the change comes in the order.</summary>
    public static int Order(string attribute) => All.TakeWhile(kind => kind.Name != attribute).Count();

    /// <summary>Whether an augmentation has one of both at most: they do the same.</summary>
    public bool Excludes(string other) => Find(other)!.Does == Does;
}
