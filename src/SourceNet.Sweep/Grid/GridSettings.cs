using System.Text.Json;

namespace SourceNet.Sweep.Grid;

/// <summary>All combinations of the values of each grid. What two grids share is one setting.</summary>
internal sealed class GridSettings : ISettings
{
    private readonly List<Setting> settings = [];

    public GridSettings(SweepFile sweep)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (var grid = 0; grid < sweep.Grids.Count; grid++)
        {
            foreach (var parameters in Combinations(sweep.Parameters, sweep.Grids[grid]))
            {
                if (known.Add(PlannedTrial.Of(sweep.Command, grid, parameters, 0).Key))
                {
                    settings.Add(new(grid, parameters));
                }
            }
        }
    }

    public int Count => settings.Count;

    public Setting Known(int number) => settings[number];

    public Task<Setting> TakeAsync(int number, CancellationToken cancellation) => Task.FromResult(settings[number]);

    private static IEnumerable<IReadOnlyDictionary<string, JsonElement>> Combinations(
        IReadOnlyDictionary<string, JsonElement> parameters, IReadOnlyDictionary<string, JsonElement[]> grid)
    {
        IEnumerable<Dictionary<string, JsonElement>> all = [new(parameters)];
        foreach (var (name, values) in grid)
        {
            all = all.SelectMany(start => values.Select(value => new Dictionary<string, JsonElement>(start) { [name] = value }));
        }

        return all;
    }
}
