using SourceNet.Sweep.Grid;
using SourceNet.Sweep.Trials;

namespace SourceNet.Sweep.Results;

/// <summary>What the trials of one setting measured.</summary>
/// <param name="Setting">The setting, with the first seed.</param>
/// <param name="Values">The values of each metric, one for each seed that has a result.</param>
internal sealed record SettingResult(PlannedTrial Setting, IReadOnlyDictionary<string, double[]> Values)
{
    public static IReadOnlyList<SettingResult> Of(SweepFile sweep)
    {
        var measured = Trials(sweep);
        var metrics = Metrics(measured);
        return
        [
            .. sweep.Trials().Where(trial => trial.Seed == sweep.Seeds[0]).Select(setting =>
            {
                var own = measured.Where(one => PlannedTrial.Of(sweep.Command, 0, one.Trial.Parameters, setting.Seed).Key == setting.Key).ToList();
                return new SettingResult(setting, metrics.ToDictionary(metric => metric, metric => own.Where(one => one.Metrics.ContainsKey(metric)).Select(one => one.Metrics[metric]).ToArray()));
            }),
        ];
    }

    /// <summary>The trials that have a result.</summary>
    public static IReadOnlyList<(PlannedTrial Trial, IReadOnlyDictionary<string, double> Metrics)> Trials(SweepFile sweep) =>
        [.. sweep.Trials().Select(trial => (Trial: trial, Metrics: TrialFiles.Of(sweep, trial).Metrics())).Where(one => one.Metrics is not null).Select(one => (one.Trial, one.Metrics!))];

    /// <summary>All metrics, in the order in which trials wrote them.</summary>
    public static IReadOnlyList<string> Metrics(IEnumerable<(PlannedTrial Trial, IReadOnlyDictionary<string, double> Metrics)> trials) =>
        [.. trials.SelectMany(trial => trial.Metrics.Keys).Distinct(StringComparer.Ordinal)];

    /// <summary>The mean and the standard deviation over the seeds, with n − 1; the latter is 0 for one seed.</summary>
    public (double Mean, double Deviation) Statistics(string metric)
    {
        var values = Values[metric];
        var mean = values.Average();
        return (mean, values.Length < 2 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)));
    }
}
