using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace SourceNet.Sweep.Grid;

/// <summary>The file that describes a sweep.</summary>
internal sealed partial record SweepFile
{
    /// <summary>What the sweep is called in jobs and plots: lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>The program of a trial and its arguments; the trial's two files are added at the end.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The values of every parameter where a grid says nothing else.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Parameters { get; init; }

    /// <summary>Grids that are run one after the other: all combinations of the values of each. What two of them share runs once.</summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, JsonElement[]>> Grids { get; init; }

    // Set, not init: the generated reader would set what the file does not name to nothing.

    /// <summary>Every setting runs once with each.</summary>
    public IReadOnlyList<long> Seeds { get; set; } = [1];

    /// <summary>The folder of results, from the file's own.</summary>
    public required string Output { get; init; }

    /// <summary>Threads of a trial.</summary>
    public int Cores { get; set; } = 1;

    /// <summary>The memory of a trial in MiB; one that takes more is ended. Null for no limit.</summary>
    public int? MemoryMiB { get; set; }

    /// <summary>The time of a trial; one that takes longer is ended. Null for no limit.</summary>
    public double? Minutes { get; set; }

    /// <summary>How often a trial that failed is run again.</summary>
    public int Retries { get; set; } = 1;

    /// <summary>The metrics of the plot; null for all.</summary>
    public IReadOnlyList<string>? Plot { get; set; }

    /// <summary>What a Job of Kubernetes needs.</summary>
    public KubernetesPlace? Kubernetes { get; set; }

    /// <summary>The folder of the file, in which trials run.</summary>
    [JsonIgnore]
    public string Folder { get; private init; } = ".";

    /// <exception cref="SweepException">It cannot be read, or says something that cannot be.</exception>
    public static SweepFile Read(string path)
    {
        SweepFile? file;
        try
        {
            var json = File.ReadAllBytes(path);
            if (UniqueNames.Repeated(json) is { } repeated)
            {
                throw new SweepException($"{path}: expected every name once in an object, found \"{repeated}\" twice: one of its values would be lost");
            }

            file = JsonSerializer.Deserialize(json, GridJson.Default.SweepFile);
        }
        catch (JsonException error)
        {
            throw new SweepException($"{path}({error.LineNumber + 1},{error.BytePositionInLine + 1}): {error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SweepException($"{path}: expected a sweep that can be read, found: {error.Message}");
        }

        if (file is null)
        {
            throw new SweepException($"{path}: expected a sweep, found null");
        }

        foreach (var mistake in file.Mistakes())
        {
            throw new SweepException($"{path}: {mistake}");
        }

        return file with { Folder = Path.GetDirectoryName(Path.GetFullPath(path))! };
    }

    /// <summary>All trials: seed after seed, so that a sweep that is not finished has some result for every setting.</summary>
    public IReadOnlyList<PlannedTrial> Trials()
    {
        var settings = new List<PlannedTrial>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (var grid = 0; grid < Grids.Count; grid++)
        {
            foreach (var parameters in Combinations(Grids[grid]))
            {
                var trial = PlannedTrial.Of(Command, grid, parameters, Seeds[0]);
                if (known.Add(trial.Key))
                {
                    settings.Add(trial);
                }
            }
        }

        return [.. Seeds.SelectMany(seed => settings.Select(setting => PlannedTrial.Of(Command, setting.Grid, setting.Parameters, seed)))];
    }

    /// <summary>The parameters that not all trials have in common, in the order of the file.</summary>
    public IReadOnlyList<string> Varied() => [.. Parameters.Keys.Where(name => Grids.Any(grid => grid.ContainsKey(name)))];

    private IEnumerable<IReadOnlyDictionary<string, JsonElement>> Combinations(IReadOnlyDictionary<string, JsonElement[]> grid)
    {
        IEnumerable<Dictionary<string, JsonElement>> all = [new(Parameters)];
        foreach (var (name, values) in grid)
        {
            all = all.SelectMany(start => values.Select(value => new Dictionary<string, JsonElement>(start) { [name] = value }));
        }

        return all;
    }

    private IEnumerable<string> Mistakes()
    {
        if (!JobName().IsMatch(Name))
        {
            yield return $"expected a name of at most 50 lower-case letters, digits and hyphens, found \"{Name}\"";
        }

        if (Command.Count == 0 || Command.Any(string.IsNullOrEmpty))
        {
            yield return "expected a command, found none";
        }

        if (Grids.Count == 0)
        {
            yield return "expected at least one grid, found none; {} is a grid of one setting";
        }

        // A list may hold nothing at a place, whatever its type says.
        if (Grids.Any(grid => grid is null || grid.Values.Any(values => values is null)))
        {
            yield return "expected lists of values in every grid, found null";
        }

        foreach (var (name, values) in Grids.SelectMany(grid => grid))
        {
            if (!Parameters.ContainsKey(name))
            {
                yield return $"expected a parameter of the list \"parameters\" in a grid, found \"{name}\"; there are {string.Join(", ", Parameters.Keys)}";
            }

            if (values.Length == 0)
            {
                yield return $"expected values of \"{name}\", found none";
            }
        }

        var varied = Grids.SelectMany(grid => grid.SelectMany(values => values.Value.Select(value => KeyValuePair.Create(values.Key, value))));
        foreach (var (name, value) in Parameters.Concat(varied))
        {
            if (value.ValueKind is not (JsonValueKind.Number or JsonValueKind.String or JsonValueKind.True or JsonValueKind.False))
            {
                yield return $"expected a number, a text, true or false for \"{name}\", found {value.GetRawText()}";
            }
        }

        if (Seeds.Count == 0 || Seeds.Distinct().Count() < Seeds.Count)
        {
            yield return $"expected seeds, each once, found [{string.Join(", ", Seeds)}]";
        }

        if (Cores < 1 || MemoryMiB < 1 || Minutes <= 0 || Retries < 0)
        {
            yield return "expected cores of at least 1, memoryMiB of at least 1, minutes above 0 and retries of at least 0";
        }
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,48}[a-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex JobName();
}

/// <summary>Where a Job of Kubernetes runs.</summary>
/// <param name="Image">A container with the program, .NET and sourcenet-sweep.</param>
/// <param name="Claim">A volume claim, mounted at /sweep, with the sweep's file and room for results.</param>
internal sealed record KubernetesPlace(string Image, string Claim);

/// <summary>Sweep files as JSON, without reflection. A name that nobody knows is a mistake.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SweepFile))]
internal sealed partial class GridJson : JsonSerializerContext;
