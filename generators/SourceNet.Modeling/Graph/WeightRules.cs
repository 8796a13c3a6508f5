namespace SourceNet.Modeling.Graph;

/// <summary>A regularizer of weights and who decided it.</summary>
public sealed record Rule(Rate Strength, Provenance Provenance, Origin Origin);

/// <summary>What a class or a block says about its weights. A member that is null was not said.</summary>
public sealed record WeightRules
{
    public Rule? WeightDecay { get; init; }

    public Rule? L1 { get; init; }

    public Rule? L2 { get; init; }

    public Rule? MaxNorm { get; init; }

    public Rule? UnitNorm { get; init; }

    public Rule? NonNegative { get; init; }

    public Rule? Orthogonal { get; init; }

    public Rule? DropConnect { get; init; }

    public Rule? WeightNorm { get; init; }

    /// <summary>The strength is the number of power iterations.</summary>
    public Rule? SpectralNorm { get; init; }

    public bool ReparametrizesWeights => DropConnect is not null || WeightNorm is not null || SpectralNorm is not null;

    /// <summary>These rules, and where they say nothing the class's.</summary>
    public WeightRules Or(WeightRules defaults) => new()
    {
        WeightDecay = WeightDecay ?? defaults.WeightDecay,
        L1 = L1 ?? defaults.L1,
        L2 = L2 ?? defaults.L2,
        MaxNorm = MaxNorm ?? defaults.MaxNorm,
        UnitNorm = UnitNorm ?? defaults.UnitNorm,
        NonNegative = NonNegative ?? defaults.NonNegative,
        Orthogonal = Orthogonal ?? defaults.Orthogonal,
        DropConnect = DropConnect ?? defaults.DropConnect,
        WeightNorm = WeightNorm ?? defaults.WeightNorm,
        SpectralNorm = SpectralNorm ?? defaults.SpectralNorm,
    };

    /// <summary>Without what a strength of 0 switches off.</summary>
    public WeightRules Effective() => new()
    {
        WeightDecay = Unless0(WeightDecay),
        L1 = Unless0(L1),
        L2 = Unless0(L2),
        MaxNorm = Unless0(MaxNorm),
        UnitNorm = UnitNorm,
        NonNegative = NonNegative,
        Orthogonal = Orthogonal,
        DropConnect = Unless0(DropConnect),
        WeightNorm = WeightNorm,
        SpectralNorm = SpectralNorm,
    };

    private static Rule? Unless0(Rule? rule) => rule is { Strength.IsZero: true } ? null : rule;
}
