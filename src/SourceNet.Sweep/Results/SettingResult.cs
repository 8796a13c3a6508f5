using SourceNet.Sweep.Grid;
using SourceNet.Sweep.Search;
using SourceNet.Sweep.Trials;

namespace SourceNet.Sweep.Results;

/// <summary>What the trials of one setting measured.</summary>
/// <param name="Setting">The setting, with the first seed.</param>
/// <param name="Outcomes">Its trials, one for each seed.</param>
/// <param name="Values">
/// The values of each metric, one for each seed that has a result. Those of trials that were stopped count only where no seed ran to its end: they are not the
/// same quantity.
/// </param>
/// <param name="Standing">How good it is; none without a metric that is minimized or maximized.</param>
internal sealed record SettingResult(
    PlannedTrial Setting,
    IReadOnlyList<TrialOutcome> Outcomes,
    IReadOnlyDictionary<string, double[]> Values,
    Standing Standing)
{
    /// <summary>All settings that are known, those with the best results first where the sweep says what is good.</summary>
    public static IReadOnlyList<SettingResult> Of(SweepFile sweep, IReadOnlyList<TrialOutcome> outcomes)
    {
        var metrics = Metrics(outcomes);
        var results = outcomes
            .GroupBy(outcome => PlannedTrial.Of(sweep.Command, 0, outcome.Trial.Parameters, sweep.Seeds[0]).Key)
            .Select(setting => Of(sweep, metrics, [.. setting]));
        return [.. sweep.Objective is null ? results : Standing.BestFirst(results.ToList(), result => result.Standing, sweep.Maximize is not null)];
    }

    /// <summary>What all trials that are known have come to.</summary>
    public static IReadOnlyList<TrialOutcome> Measure(SweepFile sweep) => [.. sweep.Trials().Select(trial => TrialOutcome.Of(sweep, trial))];

    /// <summary>All metrics, in the order in which trials wrote them.</summary>
    public static IReadOnlyList<string> Metrics(IEnumerable<TrialOutcome> outcomes) =>
        [.. outcomes.SelectMany(outcome => outcome.Metrics?.Keys ?? []).Distinct(StringComparer.Ordinal)];

    /// <summary>The mean and the standard deviation over the seeds, with n − 1; the latter is 0 for one seed.</summary>
    public (double Mean, double Deviation) Statistics(string metric)
    {
        var values = Values[metric];
        var mean = values.Average();
        return (mean, values.Length < 2 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)));
    }

    private static SettingResult Of(SweepFile sweep, IReadOnlyList<string> metrics, IReadOnlyList<TrialOutcome> seeds)
    {
        var measured = seeds.Where(seed => seed.Metrics is not null).ToList();
        var counted = measured.Exists(seed => seed.Stopped is null) ? measured.Where(seed => seed.Stopped is null).ToList() : measured;
        var values = metrics.ToDictionary(
            metric => metric, metric => counted.Where(seed => seed.Metrics!.ContainsKey(metric)).Select(seed => seed.Metrics![metric]).ToArray());
        return new(seeds[0].Trial, seeds, values, sweep.Objective is { } objective ? Standing.Of(objective, seeds) : default);
    }
}
