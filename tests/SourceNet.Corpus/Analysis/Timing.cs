namespace SourceNet.Corpus.Analysis;

/// <summary>What the analyzers cost on sources that were bound once before.</summary>
/// <param name="CompileSeconds">Binding alone, without analyzers.</param>
/// <param name="AnalyzerSeconds">The time in each analyzer, by name.</param>
internal sealed record Timing(double CompileSeconds, IReadOnlyDictionary<string, double> AnalyzerSeconds)
{
    public double TotalSeconds => AnalyzerSeconds.Values.Sum();

    /// <summary>The time in all analyzers, as a part of the time to compile.</summary>
    public double Share => CompileSeconds > 0 ? TotalSeconds / CompileSeconds : 0;

    public static Timing Sum(IEnumerable<Timing> timings)
    {
        var all = timings.ToList();
        return new(
            all.Sum(timing => timing.CompileSeconds),
            all
                .SelectMany(timing => timing.AnalyzerSeconds)
                .GroupBy(pair => pair.Key)
                .ToDictionary(group => group.Key, group => group.Sum(pair => pair.Value)));
    }
}
