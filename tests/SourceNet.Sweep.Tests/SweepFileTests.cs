using SourceNet.Sweep.Grid;

namespace SourceNet.Sweep.Tests;

public sealed class SweepFileTests : IDisposable
{
    private const string Whole = """
        {
          // What is not varied stays as it is here.
          "name": "cifar10",
          "command": ["program", "trial"],
          "parameters": { "dropout": 0, "decay": 0, "optimizer": "AdamW", "augmentation": false },
          "grids": [
            { "dropout": [0, 0.3] },
            { "optimizer": ["Adam", "AdamW"], "decay": [1e-4, 1e-3] },
            { "dropout": [0.30], "augmentation": [false, true] },
          ],
          "seeds": [7, 8],
          "output": "out"
        }
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_combination_of_a_grid_is_a_trial_and_what_grids_share_is_one()
    {
        var sweep = Read(Whole);

        Assert.Equal(
            [
                "dropout 0, decay 0, AdamW, no augmentation", "dropout 0.3, decay 0, AdamW, no augmentation",
                "dropout 0, decay 1e-4, Adam, no augmentation", "dropout 0, decay 1e-3, Adam, no augmentation",
                "dropout 0, decay 1e-4, AdamW, no augmentation", "dropout 0, decay 1e-3, AdamW, no augmentation",
                "dropout 0.30, decay 0, AdamW, augmentation",
            ],
            sweep.Trials().Where(trial => trial.Seed == 7).Select(trial => trial.Text(sweep.Varied())));
        Assert.Equal([0, 0, 1, 1, 1, 1, 2], sweep.Trials().Take(7).Select(trial => trial.Grid));
    }

    [Fact]
    public void All_settings_come_with_the_first_seed_before_any_comes_with_the_second() =>
        Assert.Equal([7, 7, 7, 7, 7, 7, 7, 8, 8, 8, 8, 8, 8, 8], Read(Whole).Trials().Select(trial => trial.Seed));

    [Fact]
    public void A_sweep_of_seeds_alone_is_told_apart_by_them()
    {
        var sweep = Read("""{ "name": "seeds", "command": ["program"], "parameters": { "dropout": 0 }, "grids": [{}], "seeds": [7, 8], "output": "out" }""");

        Assert.Equal(["seed 7", "seed 8"], sweep.Trials().Select(trial => trial.TextWithSeed(sweep.Varied())));
    }

    [Fact]
    public void What_is_no_file_is_told()
    {
        foreach (var path in new[] { "", folder.Path, folder.File("none.json") })
        {
            var error = Assert.Throws<SweepException>(() => SweepFile.Read(path));
            Assert.StartsWith($"{path}: expected a sweep that can be read, found: ", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_grid_that_grows_keeps_the_names_of_its_trials()
    {
        var before = Read(Whole).Trials().Select(trial => trial.Key).ToList();
        var after = Read(Whole.Replace("[0, 0.3]", "[0.1, 0.30, 0e0]").Replace("[7, 8]", "[9, 8, 7]")).Trials().Select(trial => trial.Key).ToList();

        Assert.Equal(before.Count, before.Distinct().Count());
        Assert.Empty(before.Except(after));
        Assert.Equal((7 + 1) * 3, after.Count);
    }

    [Theory]
    [InlineData("\"cifar10\"", "\"CIFAR 10\"", "expected a name of at most 50 lower-case letters, digits and hyphens, found \"CIFAR 10\"")]
    [InlineData("[\"program\", \"trial\"]", "[]", "expected a command, found none")]
    [InlineData("\"dropout\": [0, 0.3]", "\"dropuot\": [0, 0.3]", "found \"dropuot\"; there are dropout, decay, optimizer, augmentation")]
    [InlineData("\"dropout\": [0, 0.3]", "\"dropout\": null", "expected lists of values in every grid, found null")]
    [InlineData("{ \"dropout\": [0, 0.3] }", "null", "expected lists of values in every grid, found null")]
    [InlineData("\"dropout\": [0, 0.3]", "\"dropout\": []", "expected values of \"dropout\", found none")]
    [InlineData("\"dropout\": [0, 0.3]", "\"dropout\": [0, [0.3]]", "expected a number, a text, true or false for \"dropout\", found [0.3]")]
    [InlineData("\"decay\": 0,", "\"decay\": null,", "expected a number, a text, true or false for \"decay\", found null")]
    [InlineData("[7, 8]", "[7, 7]", "expected seeds, each once, found [7, 7]")]
    [InlineData("[7, 8]", "[7, 8], \"retries\": -1", "retries of at least 0")]
    [InlineData("[7, 8]", "[7, 8], \"minutes\": 0", "minutes above 0")]
    [InlineData("\"seeds\"", "\"sedes\"", "The JSON property 'sedes' could not be mapped")]
    [InlineData("\"output\": \"out\"", "\"cores\": 1", "'output'")]
    [InlineData("[7, 8],", "[7, 8", "(12,")]
    [InlineData("\"out\"", "null", "output")]
    public void A_mistake_names_the_file_what_was_expected_and_what_was_found(string before, string after, string message)
    {
        Assert.Contains(before, Whole, StringComparison.Ordinal);

        var mistake = Assert.Throws<SweepException>(() => Read(Whole.Replace(before, after)));

        Assert.StartsWith(folder.File("sweep.json"), mistake.Message, StringComparison.Ordinal);
        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_have_defaults()
    {
        var sweep = Read(Whole.Replace("\"seeds\": [7, 8],", ""));

        Assert.Equal([1], sweep.Seeds);
        Assert.Equal((1, null, null, 1), (sweep.Cores, sweep.MemoryMiB, sweep.Minutes, sweep.Retries));
    }

    [Theory]
    [InlineData("\"dropout\": 0,", "\"dropout\": 0, \"dropout\": 0.5,", "dropout")]
    [InlineData("{ \"dropout\": [0, 0.3] }", "{ \"dropout\": [0, 0.3], \"dropout\": [0.5] }", "dropout")]
    [InlineData("\"seeds\": [7, 8],", "\"seeds\": [7, 8], \"seeds\": [9],", "seeds")]
    public void A_name_that_stands_twice_in_an_object_is_a_mistake(string once, string twice, string name) =>
        Assert.Contains(
            $"found \"{name}\" twice",
            Assert.Throws<SweepException>(() => Read(Whole.Replace(once, twice, StringComparison.Ordinal))).Message,
            StringComparison.Ordinal);

    private SweepFile Read(string text) => SweepFile.Read(folder.Write("sweep.json", text));
}
