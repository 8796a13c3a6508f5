namespace SourceNet.Modeling.Strategy;

/// <summary>What regularization a data set of which size asks for.</summary>
/// <param name="Source">Who says so, as messages name it.</param>
/// <param name="DeepLayers">The number of layers with weights from which a model is deep.</param>
/// <param name="Bands">In order of size; the last one has no end.</param>
public sealed record StrategyTable(string Source, int DeepLayers, EquatableArray<Band> Bands)
{
    /// <summary>
    /// The guide "Regularization Strategy by Dataset Size". It names no number for the decay of 100 K to 1 M samples, which is read as the lightest that it
    /// names, and none for "minimal", which is read as 0.
    /// </summary>
    public static StrategyTable Guide { get; } = new(
        "the guide's table by dataset size",
        DeepLayers: 8,
        EquatableArray.Of(
            new Band(1_000, 0.5, 1e-3, AugmentationAdvice.Heavy, Normalization: false),
            new Band(10_000, 0.3, 1e-4, AugmentationAdvice.Yes, Normalization: false),
            new Band(100_000, 0.2, 1e-5, AugmentationAdvice.Yes, Normalization: false),
            new Band(1_000_000, 0.1, 1e-5, AugmentationAdvice.None, Normalization: true),
            new Band(null, 0, 0, AugmentationAdvice.None, Normalization: false)));

    /// <summary>The band of a data set, by its position.</summary>
    public int BandOf(long samples) => Enumerable.Range(0, Bands.Count).First(i => Bands[i].Below is not { } end || samples < end);

    /// <summary>How many bands a rate lies from what its data set asks for.</summary>
    public int DropoutDistance(double rate, long samples) => Distance(rate, samples, band => band.Dropout);

    /// <summary>The same of a decay, which is compared by its order of magnitude.</summary>
    public int WeightDecayDistance(double decay, long samples) => Distance(Magnitude(decay), samples, band => Magnitude(band.WeightDecay));

    private int Distance(double value, long samples, Func<Band, double> advice)
    {
        var own = BandOf(samples);
        // Of bands that are equally near, the one next to the data set's own: doubt is silence.
        var nearest = Enumerable.Range(0, Bands.Count)
            .OrderBy(i => Math.Round(Math.Abs(advice(Bands[i]) - value), 9))
            .ThenBy(i => Math.Abs(i - own))
            .First();
        return Math.Abs(nearest - own);
    }

    /// <summary>A decay of 0 counts as one that is too small to matter.</summary>
    private static double Magnitude(double decay) => Math.Log10(Math.Max(decay, 1e-6));
}
