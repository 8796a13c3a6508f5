namespace SourceNet.Modeling.Strategy;

/// <summary>How much regularization is usual for how much data: bands of data-set sizes, the smallest first.</summary>
/// <param name="Source">Where it comes from, in a message.</param>
public sealed record RegularizationPolicy(string Source, EquatableArray<PolicyBand> Bands)
{
    /// <summary>The table of the regularization guide, "Regularization Strategy by Dataset Size".</summary>
    public static RegularizationPolicy Guide { get; } = new(
        "the guide's table by dataset size",
        EquatableArray.Of(
            new PolicyBand(1_000, 0.5, 1e-3, Augmentation: true),
            new PolicyBand(10_000, 0.3, 1e-4, Augmentation: true),
            new PolicyBand(100_000, 0.2, 1e-5, Augmentation: true),
            new PolicyBand(1_000_000, 0.1, 1e-5, Augmentation: false),
            new PolicyBand(long.MaxValue, 0, 0, Augmentation: false)));

    /// <summary>The place of the band that a number of samples lies in.</summary>
    public int BandOf(long samples)
    {
        for (var i = 0; i < Bands.Count; i++)
        {
            if (samples < Bands[i].Below)
            {
                return i;
            }
        }

        return Bands.Count - 1;
    }

    /// <summary>How many bands lie between what a band recommends and what is declared; 0 if the declared value is nearest to this band's.</summary>
    public int DropoutDistance(int band, double dropout) => Distance(band, other => Math.Abs(Bands[other].Dropout - dropout));

    /// <inheritdoc cref="DropoutDistance"/>
    /// <remarks>Decays are compared by their logarithms, as one chooses them; 0 is as far from 1e-5 as that from 1e-4.</remarks>
    public int WeightDecayDistance(int band, double weightDecay) => Distance(band, other => Math.Abs(Magnitude(Bands[other].WeightDecay) - Magnitude(weightDecay)));

    private int Distance(int band, Func<int, double> difference)
    {
        var least = Enumerable.Range(0, Bands.Count).Min(difference);
        return Enumerable.Range(0, Bands.Count).Where(other => difference(other) <= least + 1e-12).Min(other => Math.Abs(other - band));
    }

    private static double Magnitude(double decay) => Math.Log10(Math.Max(decay, 1e-6));
}

/// <summary>What is usual for data sets of one size.</summary>
/// <param name="Below">The sizes below this one that no smaller band has.</param>
/// <param name="Dropout">The usual rate.</param>
/// <param name="WeightDecay">The usual decoupled decay.</param>
/// <param name="Augmentation">Whether the data should be augmented.</param>
public sealed record PolicyBand(long Below, double Dropout, double WeightDecay, bool Augmentation);
