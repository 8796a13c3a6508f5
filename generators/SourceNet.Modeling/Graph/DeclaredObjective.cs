namespace SourceNet.Modeling.Graph;

/// <summary>One objective of a model.</summary>
/// <param name="Of">The outputs that it is about, by name; none where there is only one.</param>
/// <param name="Weight">How much it counts in the sum.</param>
public sealed record DeclaredObjective(ObjectiveKind Kind, ObjectiveSettings Settings, EquatableArray<string> Of, Rate Weight, Origin Origin)
{
    /// <summary>Whether it compares an output with something that is known.</summary>
    public bool TakesTarget => Kind != ObjectiveKind.KullbackLeibler;

    /// <summary>How many outputs it is about.</summary>
    public int OutputCount => Kind == ObjectiveKind.KullbackLeibler ? 2 : 1;
}
