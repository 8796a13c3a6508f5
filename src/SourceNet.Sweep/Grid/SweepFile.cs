using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using SourceNet.Sweep.Search;
using SourceNet.Training;

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

    // Set, not init: the generated reader would set what the file does not name to nothing.

    /// <summary>Grids that are run one after the other: all combinations of the values of each. What two of them share runs once.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, JsonElement[]>> Grids { get; set; } = [];

    /// <summary>Ranges that are searched instead of grids; null for grids.</summary>
    public SearchPlan? Search { get; set; }

    /// <summary>The metric of which less is better; null for none.</summary>
    public string? Minimize { get; set; }

    /// <summary>The metric of which more is better; null for none.</summary>
    public string? Maximize { get; set; }

    /// <summary>When trials that do worse than others end early; null for never.</summary>
    public HalvingPlan? Halving { get; set; }

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

    /// <summary>The metric that is minimized or maximized; null for none.</summary>
    [JsonIgnore]
    public string? Objective => Maximize ?? Minimize;

    /// <summary>The command and the values of <see cref="Parameters"/>, as a name: a grid or a search may grow and stays the same sweep.</summary>
    [JsonIgnore]
    public string Id => PlannedTrial.Of(Command, 0, Parameters, 0).Key;

    /// <summary>The halving as trials are told it.</summary>
    [JsonIgnore]
    public Halving? HalvingOfTrials => Halving is { } plan ? new(Objective!, Maximize is not null, plan.Least, plan.Most, plan.Factor) : null;

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

    /// <summary>All trials that are known: of a search that learns from its results those that were begun.</summary>
    public IReadOnlyList<PlannedTrial> Trials() => new Plan(this).Known();

    /// <summary>The parameters that not all trials have in common, in the order of the file.</summary>
    public IReadOnlyList<string> Varied() =>
        Search is { } search
            ? [.. search.Space.Keys]
            : [.. Parameters.Keys.Where(name => Grids.Any(grid => grid.ContainsKey(name)))];

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

        if (Grids.Count == 0 == Search is null)
        {
            yield return $"expected either \"grids\" or \"search\", found {(Search is null ? "none; {} is a grid of one setting" : "both")}";
        }

        if (Minimize is not null && Maximize is not null)
        {
            yield return $"expected one metric to \"minimize\" or to \"maximize\", found \"{Minimize}\" and \"{Maximize}\"";
        }

        if (Search?.Mistake is { } searched)
        {
            yield return searched;
        }

        if (Objective is null && (Search?.Method == SearchPlan.Tpe || Halving is not null))
        {
            yield return $"expected a metric to \"minimize\" or to \"maximize\", by which {(Halving is null ? "the search learns" : "trials are compared")}, "
                + "found none";
        }

        if (HalvingOfTrials?.Mistake is { } halved)
        {
            yield return halved;
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
            if (!PlannedTrial.IsValue(value))
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

/// <summary>When trials end early.</summary>
/// <param name="Least">The steps, mostly epochs, that every trial gets.</param>
/// <param name="Most">Those of a whole trial.</param>
/// <param name="Factor">One of so many goes on, at so many times the steps each time.</param>
internal sealed record HalvingPlan(int Least, int Most, int Factor = 3);

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
