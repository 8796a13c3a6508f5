using System.Text;
using System.Text.Json;

namespace SourceNet.Training.Tests.Sweeps;

public sealed class TrialTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_trial_reads_what_the_sweep_asks()
    {
        var trial = Trial.Read(Input("""{ "seed": 12345678901, "parameters": { "rate": 3e-1, "layers": 4, "optimizer": "AdamW", "augmentation": true } }"""));

        Assert.Equal(
            (12345678901, 0.3, 4, "AdamW", true),
            (trial.Seed, trial.Number("rate"), trial.Integer("layers"), trial.Text("optimizer"), trial.Flag("augmentation")));
    }

    [Fact]
    public void A_parameter_of_another_kind_is_named_with_its_value()
    {
        var trial = Trial.Read(Input("""{ "seed": 1, "parameters": { "rate": "0.3", "layers": 4.5 } }"""));

        Assert.Equal(
            "Expected a number for the parameter 'rate' of the trial, found \"0.3\".",
            Assert.Throws<InvalidDataException>(() => trial.Number("rate")).Message);
        Assert.Equal(
            "Expected a whole number for the parameter 'layers' of the trial, found 4.5.",
            Assert.Throws<InvalidDataException>(() => trial.Integer("layers")).Message);
        Assert.Equal(
            "Expected true or false for the parameter 'layers' of the trial, found 4.5.",
            Assert.Throws<InvalidDataException>(() => trial.Flag("layers")).Message);
        Assert.Equal(
            "The trial has no parameter 'decay', a text; it has rate, layers.",
            Assert.Throws<InvalidDataException>(() => trial.Text("decay")).Message);
    }

    [Theory]
    [InlineData("{ \"seed\": 1, ")]
    [InlineData("null")]
    [InlineData("{ \"seed\": 1 }")]
    public void A_file_that_is_no_trial_is_named(string text)
    {
        var file = Input(text);

        Assert.StartsWith(
            $"{file}: expected a seed and parameters, found: ",
            Assert.Throws<InvalidDataException>(() => Trial.Read(file)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_are_written_whole_and_not_a_number_is_one_of_them()
    {
        Trial.Write(folder.File("out.json"), new Dictionary<string, double> { ["test"] = 0.7, ["loss"] = double.NaN });

        using var written = JsonDocument.Parse(folder.Read("out.json"));
        Assert.Equal(0.7, written.RootElement.GetProperty("metrics").GetProperty("test").GetDouble());
        Assert.Equal("NaN", written.RootElement.GetProperty("metrics").GetProperty("loss").GetString());
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    private string Input(string text) => folder.Write("in.json", Encoding.UTF8.GetBytes(text));
}
