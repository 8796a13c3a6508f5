using System.Text.Json;
using SourceNet.Sweep.Search;

namespace SourceNet.Sweep.Tests.Search;

public sealed class TreeParzenTests
{
    private const int Trials = 60;
    private const int Seeds = 20;

    /// <summary>Functions with a known minimum of 0.</summary>
    public static TheoryData<string> Functions => ["log and linear", "branin", "mixed"];

    [Theory]
    [MemberData(nameof(Functions))]
    public void It_finds_better_settings_than_chance_with_as_many_trials(string function)
    {
        var (space, value) = Function(function);
        var wins = 0;
        var ratios = new List<double>();
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var learned = Search(space, setting => value(setting), seed, learns: true).Min(one => one.Standing.Value!.Value);
            var drawn = Search(space, setting => value(setting), seed, learns: false).Min(one => one.Standing.Value!.Value);
            wins += learned < drawn ? 1 : 0;
            ratios.Add(learned / drawn);
        }

        // The sign test: by chance 16 or more of 20 would happen once in 170 times.
        Assert.InRange(wins, 16, Seeds);
        // And by much: half of the searches are nearer by a factor of two.
        Assert.InRange(ratios.Order().ElementAt(Seeds / 2), 0, 0.5);
    }

    [Fact]
    public void More_is_better_where_the_sweep_says_so()
    {
        var (space, value) = Function("log and linear");

        var least = Search(space, value, 1, learns: true);
        var most = Search(space, setting => -value(setting), 1, learns: true, maximize: true);

        Assert.Equal(least.Select(one => space.Text(one.Setting)), most.Select(one => space.Text(one.Setting)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(double.NaN)]
    public void What_failed_or_diverged_is_avoided(double? failure)
    {
        var space = Space("""{ "rate": { "log-uniform": [1e-4, 1] } }""");

        // Above 1e-2, half of the range, nothing comes of it; what is left says nothing about where it is better.
        var tried = Search(space, setting => Rate(setting) > 1e-2 ? failure : 1 + (1e-3 * Rate(setting)), 3, learns: true);

        var above = tried.Skip(10).Count(one => Rate(one.Setting) > 1e-2);
        Assert.InRange(above, 0, (Trials - 10) / 4);

        static double Rate(IReadOnlyDictionary<string, JsonElement> setting) => setting["rate"].GetDouble();
    }

    [Fact]
    public void What_still_runs_is_not_proposed_again()
    {
        var space = Space("""{ "layers": { "int": [1, 12] }, "optimizer": ["SGD", "AdamW"] }""");
        var observed = Enumerable.Range(0, 8).Select(number => space.Draw(1, number)).DistinctBy(space.Text)
            .Select(setting => new Observation(setting, new(Math.Abs(setting["layers"].GetInt32() - 6), null))).ToList();
        while (observed.Count < 24)
        {
            var setting = TreeParzen.Propose(space, observed, maximize: false, SearchSpace.Random(1, observed.Count, "test"));
            observed.Add(new(setting, default));
        }

        // All 24 settings, each once: then there is nothing new.
        Assert.Equal(24, observed.Select(one => space.Text(one.Setting)).Distinct().Count());
        Assert.Contains(
            space.Text(TreeParzen.Propose(space, observed, maximize: false, SearchSpace.Random(1, 24, "test"))),
            observed.Select(one => space.Text(one.Setting)));
    }

    [Fact]
    public void Pending_trials_drive_the_next_one_away()
    {
        var space = Space("""{ "x": { "uniform": [0, 1] } }""");
        var observed = Enumerable.Range(0, 20).Select(number => new Observation(Setting(number / 20.0), new(Math.Abs((number / 20.0) - 0.5), null))).ToList();
        var pending = Enumerable.Range(0, 10).Select(_ => new Observation(Setting(0.5), default)).ToList();

        double Distance(IReadOnlyList<Observation> all) => Enumerable.Range(0, 30)
            .Average(number => Math.Abs(TreeParzen.Propose(space, all, maximize: false, SearchSpace.Random(1, number, "test"))["x"].GetDouble() - 0.5));

        Assert.True(Distance([.. observed, .. pending]) > 1.5 * Distance(observed));

        static Dictionary<string, JsonElement> Setting(double x) => new() { ["x"] = JsonSerializer.SerializeToElement(x) };
    }

    [Fact]
    public void Done_comes_before_stopped_the_later_the_better_and_nothing_comes_last()
    {
        (string Name, Standing Standing)[] all =
        [
            ("failed", default), ("diverged", new(double.NaN, null)), ("stopped at 1", new(0.1, 1)), ("stopped at 3, worse", new(0.9, 3)),
            ("stopped at 3", new(0.3, 3)),
            ("done, worse", new(5, null)), ("done", new(2, null)), ("infinite", new(double.PositiveInfinity, null)),
        ];

        Assert.Equal(
            ["done", "done, worse", "infinite", "stopped at 3", "stopped at 3, worse", "stopped at 1", "failed", "diverged"],
            Standing.BestFirst(all, one => one.Standing, maximize: false).Select(one => one.Name));
    }

    private static List<Observation> Search(
        SearchSpace space,
        Func<IReadOnlyDictionary<string, JsonElement>, double?> value,
        int seed,
        bool learns,
        bool maximize = false)
    {
        var observed = new List<Observation>();
        for (var number = 0; number < Trials; number++)
        {
            var setting = learns && number >= 10
                ? TreeParzen.Propose(space, observed, maximize, SearchSpace.Random(seed, number, "tpe"))
                : space.Draw(seed, number);
            observed.Add(new(setting, new(value(setting), null)));
        }

        return observed;
    }

    private static (SearchSpace Space, Func<IReadOnlyDictionary<string, JsonElement>, double?> Value) Function(string name) => name switch
    {
        "log and linear" => (
            Space("""{ "rate": { "log-uniform": [1e-6, 1] }, "dropout": { "uniform": [0, 1] } }"""),
            setting => Square(Math.Log10(Number(setting, "rate")) + 2.5) + Square(3 * (Number(setting, "dropout") - 0.3))),
        "branin" => (
            Space("""{ "x": { "uniform": [-5, 10] }, "y": { "uniform": [0, 15] } }"""),
            setting => Branin(Number(setting, "x"), Number(setting, "y"))),
        "mixed" => (
            Space(
                """{ "rate": { "log-uniform": [1e-5, 1] }, "layers": { "int": [1, 16] }, "smoothing": { "quantized": [0, 1, 0.05] }, "optimizer": ["A", "B", "C", "D"] }"""),
            setting => 0.01
                + Square(Math.Log10(Number(setting, "rate")) + 2)
                + Square((Number(setting, "layers") - 11) / 4)
                + Square(2 * (Number(setting, "smoothing") - 0.2))
                + (setting["optimizer"].GetString() == "C" ? 0 : 1)),
        _ => throw new ArgumentException(name),
    };

    /// <summary>The function of Branin (Dixon and Szegő 1978), less its minimum.</summary>
    private static double Branin(double x, double y) =>
        Square(y - (5.1 / (4 * Square(Math.PI)) * x * x) + (5 / Math.PI * x) - 6) + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(x)) + 10 - 0.39788735772973816;

    private static double Number(IReadOnlyDictionary<string, JsonElement> setting, string name) => setting[name].GetDouble();

    private static double Square(double value) => value * value;

    private static SearchSpace Space(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new(document.RootElement.EnumerateObject().ToDictionary(range => range.Name, range => range.Value.Clone()));
    }
}
