using SourceNet.Sweep.Search;

namespace SourceNet.Sweep.Grid;

/// <summary>The trials of a sweep by their numbers: seed after seed, so that a sweep that is not finished has some result for every setting.</summary>
internal sealed class Plan
{
    private readonly SweepFile sweep;
    private readonly ISettings settings;

    public Plan(SweepFile sweep)
    {
        this.sweep = sweep;
        settings = sweep.Search switch
        {
            null => new GridSettings(sweep),
            { Method: SearchPlan.Random } search => new RandomSettings(sweep, search),
            { } search => new TpeSettings(sweep, search),
        };
    }

    /// <summary>How many there are.</summary>
    public int Count => settings.Count * sweep.Seeds.Count;

    /// <summary>A trial; null for one whose setting nobody has asked for yet.</summary>
    public PlannedTrial? Known(int number) => settings.Known(number % settings.Count) is { } setting ? Trial(setting, number) : null;

    /// <summary>A trial. A search that learns from its results chooses the setting now, and stays with it.</summary>
    public async Task<PlannedTrial> TakeAsync(int number, CancellationToken cancellation) =>
        Trial(await settings.TakeAsync(number % settings.Count, cancellation), number);

    /// <summary>All that are known, each once: a search may draw a setting twice.</summary>
    public IReadOnlyList<PlannedTrial> Known() => [.. Enumerable.Range(0, Count).Select(Known).OfType<PlannedTrial>().DistinctBy(trial => trial.Key)];

    private PlannedTrial Trial(Setting setting, int number) =>
        PlannedTrial.Of(sweep.Command, setting.Grid, setting.Parameters, sweep.Seeds[number / settings.Count]);
}
