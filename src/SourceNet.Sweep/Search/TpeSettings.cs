using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SourceNet.Sweep.Grid;
using SourceNet.Sweep.Trials;
using SourceNet.Training;

namespace SourceNet.Sweep.Search;

/// <summary>
/// Settings that are chosen, when they are asked for, by the results that lie in the folder then. Whoever asks holds the search's lock for that moment, and
/// leaves a file: so the trials of one machine and those of a cluster's nodes search together, and a setting never changes.
/// </summary>
internal sealed class TpeSettings : ISettings
{
    private readonly SweepFile sweep;
    private readonly SearchPlan search;
    private readonly SearchSpace space;
    private readonly string folder;

    public TpeSettings(SweepFile sweep, SearchPlan search)
    {
        (this.sweep, this.search, space) = (sweep, search, new(search.Space));
        var ranges = string.Join('\n', search.Space.OrderBy(range => range.Key, StringComparer.Ordinal).Select(
            range => $"{range.Key}={JsonSerializer.Serialize(range.Value, SearchJson.Default.JsonElement)}"));
        // Another space or seed is another search. More trials are more of the same.
        folder = Path.Combine(sweep.Folder, sweep.Output, "search", PlannedTrial.KeyOf(
            string.Create(CultureInfo.InvariantCulture, $"{sweep.Id}\n{search.Seed}\n{ranges}")));
    }

    public int Count => search.Trials;

    public Setting? Known(int number)
    {
        var file = FileOf(number);
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), SearchJson.Default.DictionaryStringJsonElement) is { } searched
                && searched.Keys.ToHashSet().SetEquals(search.Space.Keys)
                    ? Searched.Setting(sweep, searched)
                    : throw new SweepException($"{file}: expected values of {string.Join(", ", search.Space.Keys)}, found others");
        }
        catch (JsonException error)
        {
            throw new SweepException($"{file}: expected the values of a setting, found: {error.Message}");
        }
    }

    public async Task<Setting> TakeAsync(int number, CancellationToken cancellation)
    {
        using var mine = await FileLock.TakeAsync($"{folder}.lock", cancellation);
        if (Known(number) is { } known)
        {
            return known;
        }

        var setting = Choose(number);
        Directory.CreateDirectory(folder);
        WholeFile.Write(FileOf(number), JsonSerializer.SerializeToUtf8Bytes(setting.ToDictionary(), SearchJson.Default.DictionaryStringJsonElement));
        return Searched.Setting(sweep, setting);
    }

    private IReadOnlyDictionary<string, JsonElement> Choose(int number)
    {
        if (number >= search.Start)
        {
            var observed = Enumerable.Range(0, Count).Select(Known).OfType<Setting>().Select(Observe).ToList();
            if (observed.Exists(one => one.Standing.IsNumber))
            {
                return TreeParzen.Propose(space, observed, sweep.Maximize is not null, SearchSpace.Random(search.Seed, number, SearchPlan.Tpe));
            }
        }

        return space.Draw(search.Seed, number);
    }

    private Observation Observe(Setting setting) =>
        new(setting.Parameters, Standing.Of(
            sweep.Objective!,
            sweep.Seeds.Select(seed => TrialOutcome.Of(sweep, PlannedTrial.Of(sweep.Command, setting.Grid, setting.Parameters, seed)))));

    private string FileOf(int number) => Path.Combine(folder, $"{number.ToString("D5", CultureInfo.InvariantCulture)}.json");
}

/// <summary>Settings of a search as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class SearchJson : JsonSerializerContext;
