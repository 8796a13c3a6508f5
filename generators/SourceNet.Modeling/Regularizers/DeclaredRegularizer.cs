using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Regularizers;

/// <summary>A regularizer that an attribute declares, how strong it is, and who decided it.</summary>
public sealed record DeclaredRegularizer(RegularizationKind Kind, Strength Strength, Provenance Provenance, Origin Origin)
{
    /// <summary>Whether a <see cref="TechniqueSetting"/> is on.</summary>
    public bool IsSettingOn { get; init; } = true;

    /// <summary>Whether it freezes for good: what only waits learns, and is regularized, from then on.</summary>
    public bool FreezesForGood => Kind == RegularizationKind.Frozen && Strength.Setting.Length == 0;
}
