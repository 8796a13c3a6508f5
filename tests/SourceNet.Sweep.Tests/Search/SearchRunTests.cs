using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SourceNet.Sweep.Tests.Search;

public sealed partial class SearchRunTests : IDisposable
{
    private const string Tpe = "\"method\": \"tpe\", \"trials\": 8, \"start\": 3";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_interrupted_search_goes_on_as_if_it_had_not_been()
    {
        using var other = new TemporaryFolder();
        var (code, output, errors) = await Sweeps.ToolAsync("run", Sweeps.WriteSearch(other, Tpe), "--cores", "1");
        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("search   tpe, 8 of 8 settings", output, StringComparison.Ordinal);

        var file = Sweeps.WriteSearch(folder, Tpe.Replace("8", "5"));
        Assert.Equal(0, (await Sweeps.ToolAsync("run", file, "--cores", "1")).ExitCode);
        // A trial that has its values, and was ended before it had a result: it keeps them.
        var last = Directory.GetFiles(folder.File("results/search"), "00004.json", SearchOption.AllDirectories).Single();
        var rate = Rate(last);
        File.Delete(Directory.GetFiles(folder.File("results/trials"), "*.out.json").Single(result => Rate(result.Replace(".out.", ".in.")) == rate));
        Assert.Contains(
            "8 trials, 4 of them done before",
            (await Sweeps.ToolAsync("run", Sweeps.WriteSearch(folder, Tpe), "--cores", "1")).Output,
            StringComparison.Ordinal);

        Assert.Equal(rate, Rate(last));
        Assert.Equal(Settings(other), Settings(folder));
        Assert.Equal(await File.ReadAllTextAsync(other.File("results/results.csv")), await File.ReadAllTextAsync(folder.File("results/results.csv")));
    }

    [Fact]
    public async Task Jobs_of_a_cluster_choose_when_they_start_and_every_one_another_setting()
    {
        var file = Sweeps.WriteSearch(folder, "\"method\": \"tpe\", \"trials\": 6, \"start\": 2");
        Assert.Contains("no results yet", (await Sweeps.ToolAsync("results", file)).Output, StringComparison.Ordinal);
        foreach (var pair in new[] { new[] { 0, 3 }, [5, 1], [2, 4] })
        {
            var codes = await Task.WhenAll(pair.Select(index => Sweeps.ToolAsync("trial", file, "--index", index.ToString(CultureInfo.InvariantCulture))));
            Assert.All(codes, code => Assert.Equal((0, ""), (code.ExitCode, code.Errors)));
        }

        Assert.Equal(6, Settings(folder).Distinct().Count());
        Assert.Contains("search   tpe, 6 of 6 settings", (await Sweeps.ToolAsync("results", file)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_trials_are_named_and_the_search_goes_on()
    {
        var file = Sweeps.WriteSearch(folder, "\"method\": \"random\", \"trials\": 6", "\"retries\": 0,", "learn or fail");

        var (code, output, errors) = await Sweeps.ToolAsync("run", file);

        Assert.Equal(1, code);
        // A rate above 0.1 fails.
        var failed = errors.Split("failed: rate ").Length - 1;
        Assert.InRange(failed, 1, 5);
        Assert.Contains($"search   random, {6 - failed} of 6 settings", output, StringComparison.Ordinal);
        Assert.Contains("best     score 0.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Halving_ends_bad_trials_which_have_results_and_may_go_on_later()
    {
        var file = Sweeps.WriteSearch(folder, "\"method\": \"random\", \"trials\": 7", "\"halving\": { \"least\": 1, \"most\": 9 },");

        var (code, output, errors) = await Sweeps.ToolAsync("run", file, "--cores", "1");

        Assert.Equal((0, ""), (code, errors));
        // One after the other: by the scores alone it is clear who goes on.
        var stops = Stops(await RowsAsync());
        Assert.Equal(ExpectedStops(), stops);
        var count = stops.Count(stop => stop is not null);
        Assert.InRange(count, 2, 6);
        Assert.Contains($"search   random, 7 of 7 settings, {count} of 7 trials stopped", output, StringComparison.Ordinal);
        Assert.Contains("stopped after step 1", output, StringComparison.Ordinal);
        Assert.Matches(@"│\s+at 1 │", output);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await File.ReadAllBytesAsync(folder.File("results/curves.png")))[..4]);
        var best = BestLine().Match(output).Groups[1].Value;
        Assert.Contains("7 trials, 7 of them done before", (await Sweeps.ToolAsync("run", file)).Output, StringComparison.Ordinal);

        (code, output, errors) = await Sweeps.ToolAsync("run", file, "--stopped");

        Assert.Equal((0, ""), (code, errors));
        Assert.Contains($"7 trials, {7 - count} of them done before", output, StringComparison.Ordinal);
        Assert.Contains("search   random, 7 of 7 settings, 0 of 7 trials stopped", output, StringComparison.Ordinal);
        Assert.All(await RowsAsync(), row => Assert.Equal(("", "9"), (row["stopped"], row["steps"])));
        Assert.Equal(best, BestLine().Match(output).Groups[1].Value);
    }

    [Fact]
    public async Task The_best_setting_is_a_command_that_runs_and_leaves_the_results_as_they_are()
    {
        var file = Sweeps.WriteSearch(folder, "\"method\": \"random\", \"trials\": 3", "\"halving\": { \"least\": 1, \"most\": 9 },");
        Assert.Equal(2, (await Sweeps.ToolAsync("best", file)).ExitCode);
        Assert.Equal(0, (await Sweeps.ToolAsync("run", file)).ExitCode);
        var before = Directory.GetFiles(folder.File("results/trials")).ToDictionary(name => name, File.ReadAllText);

        var (code, output, _) = await Sweeps.ToolAsync("best", file);

        Assert.Equal(0, code);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", output]) { WorkingDirectory = folder.Path })!;
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
        using var again = JsonDocument.Parse(await File.ReadAllTextAsync(folder.File("results/best.out.json")));
        var scores = (await RowsAsync()).Where(row => row["stopped"].Length == 0).Select(row => double.Parse(row["score"], CultureInfo.InvariantCulture));
        Assert.Equal(scores.Max(), again.RootElement.GetProperty("metrics").GetProperty("score").GetDouble());
        Assert.Equal(before, Directory.GetFiles(folder.File("results/trials")).ToDictionary(name => name, File.ReadAllText));
    }

    [Fact]
    public async Task A_program_that_does_not_measure_what_is_maximized_is_a_mistake_and_its_results_stay()
    {
        var text = await File.ReadAllTextAsync(Sweeps.WriteSearch(folder, "\"method\": \"random\", \"trials\": 1"));
        var file = folder.Write("sweep.json", text.Replace("\"maximize\": \"score\"", "\"maximize\": \"scroe\""));

        var (code, _, errors) = await Sweeps.ToolAsync("run", file);

        Assert.Equal(2, code);
        Assert.Contains("expected the metric \"scroe\", which the sweep maximizes, in ", errors, StringComparison.Ordinal);
        Assert.Contains(".out.json, found score, test, steps", errors, StringComparison.Ordinal);
        Assert.Contains("1 trial, 1 of them done before", (await Sweeps.ToolAsync("run", folder.Write("sweep.json", text))).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Halving_a_program_that_reports_nothing_is_a_mistake()
    {
        var (code, _, errors) = await Sweeps.ToolAsync(
            "run",
            Sweeps.Write(folder, "ok", "\"maximize\": \"score\", \"halving\": { \"least\": 1, \"most\": 9 },"),
            "--cores",
            "1");

        Assert.Equal(2, code);
        Assert.Contains("expected a program that reports on its way, since the sweep has a \"halving\", found no ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_grid_halves_too_and_its_table_begins_with_the_best()
    {
        var text = await File.ReadAllTextAsync(Sweeps.Write(folder, "learn", "\"maximize\": \"score\", \"halving\": { \"least\": 1, \"most\": 9 },"));
        var file = folder.Write("sweep.json", text.Replace("[0, 0.5]", "[1, 0.01, 0.001]").Replace("[1, 2]", "[1]"));

        var (code, output, errors) = await Sweeps.ToolAsync("run", file, "--cores", "1");

        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("search   grid, 1 of 3 trials stopped", output, StringComparison.Ordinal);
        int[] places = [.. new[] { "│ 0.01 ", "│ 1 ", "│ 0.001 " }.Select(row => output.IndexOf(row, StringComparison.Ordinal))];
        Assert.Equal(places.Order(), places);
        Assert.DoesNotContain(-1, places);
    }

    [Fact]
    public async Task The_example_of_the_documentation_runs()
    {
        var example = await ExampleAsync("## Search", "docs", "sweeps.md");
        const string Command = "[\"dotnet\", \"bin/Release/net10.0/Program.dll\"]";
        Assert.Contains(Command, example, StringComparison.Ordinal);
        Assert.Contains("\"trials\": 24", example, StringComparison.Ordinal);
        var file = folder.Write("search.json", example.Replace(Command, Sweeps.Command("learn")).Replace("\"trials\": 24", "\"trials\": 12").Replace(
            "\"maximize\": \"test\"",
            "\"maximize\": \"score\""));

        var (code, output, errors) = await Sweeps.ToolAsync("run", file);

        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("search   tpe, 12 of 12 settings, ", output, StringComparison.Ordinal);
        Assert.Matches(@"best     score 0\.\d+: rate \S+, dropout \S+, layers \d, smoothing \S+, (SGD|AdamW), seed 1", output);
        Assert.True(new FileInfo(folder.File("results/results.png")).Length > 10_000);
    }

    [Fact]
    public async Task The_example_of_the_tool_is_a_sweep()
    {
        var sweep = SourceNet.Sweep.Grid.SweepFile.Read(
            folder.Write("sweep.json", await ExampleAsync("# sourcenet-sweep", "src", "SourceNet.Sweep", "README.md")));

        Assert.Equal(["rate", "optimizer"], sweep.Varied());
        Assert.Equal("test", sweep.Objective);
    }

    /// <summary>What the trials of a random search come to, one after the other, by the rule of the paper.</summary>
    private int?[] ExpectedStops()
    {
        var rungs = new Dictionary<int, List<double>> { [1] = [], [3] = [] };
        return [.. SourceNet.Sweep.Grid.SweepFile.Read(folder.File("sweep.json")).Trials().Select(trial =>
        {
            var distance = Math.Log10(trial.Parameters["rate"].GetDouble()) + 2;
            foreach (var rung in new[] { 1, 3 })
            {
                var score = (1 - (distance * distance / 4)) * (1 - Math.Pow(2, -rung));
                rungs[rung].Add(score);
                if (rungs[rung].Count(other => other > score) >= Math.Max(1, rungs[rung].Count / 3))
                {
                    return (int?)rung;
                }
            }

            return null;
        })];
    }

    private static int?[] Stops(IEnumerable<Dictionary<string, string>> rows) =>
        [.. rows.Select(row => row["stopped"].Length == 0 ? (int?)null : int.Parse(row["stopped"], CultureInfo.InvariantCulture))];

    private async Task<List<Dictionary<string, string>>> RowsAsync()
    {
        var lines = (await File.ReadAllTextAsync(folder.File("results/results.csv")))
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(','))
            .ToList();
        return [.. lines.Skip(1).Select(line => lines[0].Zip(line).ToDictionary(cell => cell.First, cell => cell.Second))];
    }

    private static string[] Settings(TemporaryFolder folder) =>
        [.. Directory.GetFiles(folder.File("results/search"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    private static double Rate(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return (json.RootElement.TryGetProperty("parameters", out var parameters) ? parameters : json.RootElement).GetProperty("rate").GetDouble();
    }

    private static string Repository([System.Runtime.CompilerServices.CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..");

    /// <summary>The first JSON after a heading.</summary>
    private static async Task<string> ExampleAsync(string heading, params string[] file)
    {
        var text = await File.ReadAllTextAsync(Path.Combine([Repository(), .. file]));
        var example = text[text.IndexOf("```json", text.IndexOf(heading, StringComparison.Ordinal), StringComparison.Ordinal)..][7..];
        return example[..example.IndexOf("```", StringComparison.Ordinal)];
    }

    [GeneratedRegex(@"best     (score 0\.\d+: rate \S+, seed 1)")]
    private static partial Regex BestLine();
}
