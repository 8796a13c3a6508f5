using System.Text.Json;
using SourceNet.Sweep.Grid;

namespace SourceNet.Sweep.Tests.Search;

public sealed class SearchFileTests : IDisposable
{
    private const string Whole = """
        {
          "name": "search",
          "command": ["program"],
          "parameters": { "batch": 64 },
          "search": {
            "method": "random",
            "trials": 200,
            "seed": 5,
            "space": {
              "rate": { "log-uniform": [1e-5, 1e-1] },
              "dropout": { "uniform": [0.1, 0.7] },
              "layers": { "int": [1.0, 3] },
              "smoothing": { "quantized": [0.1, 0.3, 0.05] },
              "optimizer": ["SGD", "AdamW"]
            }
          },
          "maximize": "test",
          "halving": { "least": 1, "most": 9 },
          "output": "out"
        }
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Values_are_drawn_within_their_ranges_and_all_of_them_are_reached()
    {
        var trials = Read(Whole).Trials();

        Assert.Equal(200, trials.Count);
        var rates = trials.Select(trial => trial.Parameters["rate"].GetDouble()).Order().ToList();
        Assert.All(rates, rate => Assert.InRange(rate, 1e-5, 1e-1));
        // The median of the logarithms is the middle of the range: a tenth of a decade is two standard errors of 200 draws.
        Assert.InRange(Math.Log10(rates[100]), -3.3, -2.7);
        var dropouts = trials.Select(trial => trial.Parameters["dropout"].GetDouble()).Order().ToList();
        Assert.All(dropouts, dropout => Assert.InRange(dropout, 0.1, 0.7));
        Assert.InRange(dropouts[100], 0.33, 0.47);
        // As they are written: a program reads 3 as a whole number, and nobody wants to read 0.15000000000000002.
        Assert.Equal(["1", "2", "3"], Texts("layers"));
        Assert.Equal(["0.1", "0.15", "0.2", "0.25", "0.3"], Texts("smoothing"));
        Assert.Equal(["\"AdamW\"", "\"SGD\""], Texts("optimizer"));
        Assert.All(trials, trial => Assert.Equal(64, trial.Parameters["batch"].GetInt32()));

        string[] Texts(string name) => [.. trials.Select(trial => trial.Parameters[name].GetRawText()).Distinct().Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void A_setting_depends_on_the_seed_and_its_number_alone()
    {
        var trials = Read(Whole).Trials();

        Assert.Equal(Texts(trials.Take(50)), Texts(Read(Whole.Replace("\"trials\": 200", "\"trials\": 50")).Trials()));
        Assert.Equal(Texts(trials), Texts(Read(Whole.Replace("\"program\"", "\"other\"")).Trials()));
        Assert.Empty(Texts(trials).Intersect(Texts(Read(Whole.Replace("\"seed\": 5", "\"seed\": 6")).Trials())));
        // Nor on the other parameters of the space, and their order.
        var fewer = Read(Whole.Replace("\"dropout\": { \"uniform\": [0.1, 0.7] },", "")).Trials();
        Assert.Equal(trials.Select(trial => trial.Parameters["rate"].GetDouble()), fewer.Select(trial => trial.Parameters["rate"].GetDouble()));

        static string[] Texts(IEnumerable<PlannedTrial> trials) =>
            [.. trials.Select(trial => string.Join(
                ' ',
                trial.Parameters.OrderBy(parameter => parameter.Key).Select(parameter => parameter.Value.GetRawText())))];
    }

    [Fact]
    public void Every_setting_comes_with_every_seed_and_what_is_drawn_twice_runs_once()
    {
        var sweep = Read(Whole.Replace("\"trials\": 200", "\"trials\": 3").Replace("\"output\"", "\"seeds\": [7, 8], \"output\""));

        Assert.Equal([7, 7, 7, 8, 8, 8], sweep.Trials().Select(trial => trial.Seed));
        Assert.Equal(sweep.Trials()[0].Text(sweep.Varied()), sweep.Trials()[3].Text(sweep.Varied()));
        var space = Whole[Whole.IndexOf("\"rate\"", StringComparison.Ordinal)..Whole.IndexOf("\"optimizer\"", StringComparison.Ordinal)];
        Assert.Equal(2, Read(Whole.Replace(space, "")).Trials().Count);
    }

    [Theory]
    [InlineData(
        "{ \"uniform\": [0.1, 0.7] }",
        "{ \"uniform\": [0.7, 0.1] }",
        "search, \"dropout\": expected two numbers, the second above the first, found { \"uniform\": [0.7, 0.1] }")]
    [InlineData("{ \"uniform\": [0.1, 0.7] }", "{ \"uniform\": [0.1] }", "search, \"dropout\": expected two numbers, the second above the first, found")]
    [InlineData("{ \"uniform\": [0.1, 0.7] }", "{ \"uniform\": \"0.1\" }", "search, \"dropout\": expected two numbers, the second above the first, found")]
    [InlineData("{ \"uniform\": [0.1, 0.7] }", "{ \"normal\": [0.1, 0.7] }", "search, \"dropout\": expected a list of values, { \"uniform\": [low, high] }, ")]
    [InlineData("{ \"uniform\": [0.1, 0.7] }", "0.1", "search, \"dropout\": expected a list of values, ")]
    [InlineData("{ \"uniform\": [0.1, 0.7] }", "{ }", "search, \"dropout\": expected a list of values, ")]
    [InlineData(
        "[1e-5, 1e-1]",
        "[0, 1e-1]",
        "search, \"rate\": expected two numbers above 0, the second above the first, found { \"log-uniform\": [0, 1e-1] }")]
    [InlineData("[1.0, 3]", "[1, 3.5]", "search, \"layers\": expected two whole numbers, the second above the first, found { \"int\": [1, 3.5] }")]
    [InlineData(
        "[0.1, 0.3, 0.05]",
        "[0.1, 0.3, 0.07]",
        "search, \"smoothing\": expected [low, high, step] with a step above 0 that leads from the first to the second")]
    [InlineData("[0.1, 0.3, 0.05]", "[0.1, 0.3, 0]", "search, \"smoothing\": expected [low, high, step] with a step above 0")]
    [InlineData("[\"SGD\", \"AdamW\"]", "[]", "search, \"optimizer\": expected numbers, texts, true or false, found []")]
    [InlineData("[\"SGD\", \"AdamW\"]", "[\"SGD\", null]", "search, \"optimizer\": expected numbers, texts, true or false, found [\"SGD\", null]")]
    [InlineData(
        "\"method\": \"random\"",
        "\"method\": \"grid\"",
        "expected \"random\" or \"tpe\" as the method of the search, found \"grid\"; a grid is a list of values in \"grids\"")]
    [InlineData("\"trials\": 200", "\"trials\": 0", "expected at least 1 for \"trials\" and \"start\" of the search, found 0 and 10")]
    [InlineData("\"output\"", "\"grids\": [{}], \"output\"", "expected either \"grids\" or \"search\", found both")]
    [InlineData(
        "\"maximize\": \"test\",",
        "\"maximize\": \"test\", \"minimize\": \"loss\",",
        "expected one metric to \"minimize\" or to \"maximize\", found \"loss\" and \"test\"")]
    [InlineData("\"maximize\": \"test\",", "", "expected a metric to \"minimize\" or to \"maximize\", by which trials are compared, found none")]
    [InlineData(
        "\"least\": 1",
        "\"least\": 9",
        "expected a \"least\" of at least 1, a \"most\" above it and a \"factor\" of at least 2 for the halving, found 9, 9 and 3")]
    [InlineData("\"most\": 9", "\"most\": 9, \"factor\": 1", "for the halving, found 1, 9 and 1")]
    [InlineData("\"most\": 9", "\"most\": 9, \"eta\": 3", "The JSON property 'eta' could not be mapped")]
    public void A_mistake_names_the_file_the_parameter_what_was_expected_and_what_was_found(string before, string after, string message)
    {
        Assert.Contains(before, Whole, StringComparison.Ordinal);

        var mistake = Assert.Throws<SweepException>(() => Read(Whole.Replace(before, after)));

        Assert.StartsWith(folder.File("sweep.json"), mistake.Message, StringComparison.Ordinal);
        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_that_learns_needs_to_know_what_is_good()
    {
        var text = Whole.Replace("\"random\"", "\"tpe\"").Replace("\"maximize\": \"test\",", "").Replace("\"halving\": { \"least\": 1, \"most\": 9 },", "");

        Assert.Contains("by which the search learns, found none", Assert.Throws<SweepException>(() => Read(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_range_of_many_values_is_one_of_numbers_that_can_be_counted()
    {
        var mistake = Assert.Throws<SweepException>(() => Read(Whole.Replace("[1.0, 3]", "[1, 1e20]")));

        Assert.Contains("\"layers\": expected two whole numbers", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_grids_and_search_there_is_nothing_to_do()
    {
        var text = JsonSerializer.Serialize(new { name = "none", command = new[] { "program" }, parameters = new { }, output = "out" });

        Assert.Contains(
            "expected either \"grids\" or \"search\", found none; {} is a grid of one setting",
            Assert.Throws<SweepException>(() => Read(text)).Message,
            StringComparison.Ordinal);
    }

    private SweepFile Read(string text) => SweepFile.Read(folder.Write("sweep.json", text));
}
