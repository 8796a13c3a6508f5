namespace SourceNet.Modeling.Graph;

/// <summary>What an <see cref="Origin"/> points into.</summary>
public enum OriginKind
{
    Class,
    Block,
    Part,

    /// <summary>A parameter of the forward that the author wrote.</summary>
    Parameter,

    /// <summary>Any other member, counted among all that the author wrote.</summary>
    Member,

    /// <summary>A place in hand-written code, counted among those that a recognized model speaks of.</summary>
    Code,
}

/// <summary>
/// Where in a declaration something was said, as plain numbers: the member (block or hand-written part) by its position, the attribute by its position
/// among the member's SourceNet attributes, or -1 for the member itself. A front end turns it back into a source location.
/// </summary>
public readonly record struct Origin(OriginKind Kind, int Member = -1, int Attribute = -1)
{
    public static Origin Class => new(OriginKind.Class);
}
