using System.Text;
using System.Text.Json;
using SourceNet.Training.Tests.Trainers;

namespace SourceNet.Training.Tests.Sweeps;

public sealed class HalvingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Rungs_are_a_factor_apart_and_end_before_the_whole_trial()
    {
        Assert.Equal([1, 3], new Halving("loss", false, 1, 9, 3).Rungs());
        Assert.Equal([2, 8, 32], new Halving("loss", false, 2, 100, 4).Rungs());
        Assert.Equal([1_000_000_000], new Halving("loss", false, 1_000_000_000, int.MaxValue, 3).Rungs());
    }

    [Theory]
    [InlineData(5, new double[] { 5 }, true)]
    [InlineData(5, new double[] { 4, 5 }, false)]
    [InlineData(4, new double[] { 4, 5 }, true)]
    [InlineData(2, new double[] { 1, 2, 3, 4, 5 }, false)]
    [InlineData(2, new double[] { 1, 2, 3, 4, 5, 6 }, true)]
    [InlineData(3, new double[] { 1, 2, 3, 4, 5, 6 }, false)]
    [InlineData(3, new double[] { double.NaN, 3, double.NaN }, true)]
    [InlineData(double.NaN, new double[] { double.NaN }, false)]
    [InlineData(double.PositiveInfinity, new double[] { double.PositiveInfinity, 1, 2 }, false)]
    public void The_best_third_of_a_rung_goes_on_and_before_there_is_one_the_best(double value, double[] rung, bool goesOn)
    {
        Assert.Equal(goesOn, new Halving("loss", false, 1, 9, 3).GoesOn(value, rung));
        Assert.Equal(goesOn, new Halving("score", true, 1, 9, 3).GoesOn(-value, rung.Select(other => -other)));
    }

    [Fact]
    public void A_trial_ends_at_a_rung_where_others_of_its_sweep_are_better()
    {
        var (good, bad, other) = (Trial("a"), Trial("b"), Trial("c", sweep: "another"));

        Assert.True(good.Report(1, Loss(1)));
        Assert.False(bad.Report(1, Loss(2)));
        Assert.True(bad.IsStopped);
        Assert.True(other.Report(1, Loss(3)));
        Assert.True(good.Report(2, Loss(5)));
        Assert.True(good.Report(3, Loss(5)));
        // Done: nothing to end.
        Assert.True(Trial("d").Report(9, Loss(0)));
        Assert.True(good.Report(9, Loss(7)));
        using var written = JsonDocument.Parse(folder.Read("b.report.json"));
        Assert.Equal("""{"sweep":"one","steps":[{"step":1,"metrics":{"loss":2}}],"stopped":1}""", JsonSerializer.Serialize(written.RootElement));
        using var goes = JsonDocument.Parse(folder.Read("a.report.json"));
        Assert.False(goes.RootElement.TryGetProperty("stopped", out _));
        Assert.Equal([1, 2, 3, 9], goes.RootElement.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("step").GetInt32()));
    }

    [Fact]
    public void A_rung_between_two_reports_counts_with_the_second()
    {
        Assert.True(Trial("a").Report(2, Loss(1)));

        var late = Trial("b");
        Assert.True(late.Report(2, Loss(0.5)));
        Assert.True(late.Report(5, Loss(4)));
        var first = Trial("a");
        Assert.False(first.Report(4, Loss(6)));
        // Not at a rung: the next is after the end.
        Assert.True(first.Report(8, Loss(9)));
    }

    [Fact]
    public void A_trial_that_is_run_again_replaces_what_it_reported()
    {
        var trial = Trial("a");
        trial.Report(1, Loss(1));
        trial.Report(2, Loss(2));

        Trial("a").Report(1, Loss(3));

        Assert.Equal(3, TrialReport.Read(folder.File("a.report.json"))!.Steps.Single().Metrics["loss"]);
    }

    [Fact]
    public void Reports_of_programs_in_Python_count_and_what_is_half_written_does_not()
    {
        folder.Write(
            "python.report.json",
            Encoding.UTF8.GetBytes("{\"sweep\": \"one\", \"steps\": [{\"step\": 1, \"metrics\": {\"loss\": 1, \"norm\": Infinity}}]}"));
        folder.Write("half.report.json", Encoding.UTF8.GetBytes("{\"sweep\": \"one\", \"steps\": [{\"step\": 1, \"metr"));

        Assert.False(Trial("a").Report(1, Loss(2)));
        Assert.True(Trial("b").Report(1, Loss(0)));
    }

    [Fact]
    public void Outside_of_a_sweep_every_trial_goes_on()
    {
        var trial = Training.Trial.Read(folder.Write("in.json", Encoding.UTF8.GetBytes("""{ "seed": 1, "parameters": {} }""")));

        Assert.True(trial.Report(1, Loss(double.NaN)));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Mistakes_are_told_before_anything_is_written()
    {
        var trial = Trial("a");

        Assert.Contains("Expected the metric 'loss', by which the sweep ends trials, in the report of step 1, found test.",
            Assert.Throws<ArgumentException>(() => trial.Report(1, new Dictionary<string, double> { ["test"] = 1 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => trial.Report(0, Loss(1)));
        Assert.False(File.Exists(folder.File("a.report.json")));
        folder.Write("a.report.json", "[]"u8.ToArray());
        Assert.StartsWith(
            $"{folder.File("a.report.json")}: expected steps with metrics, found",
            Assert.Throws<InvalidDataException>(() => trial.Report(1, Loss(1))).Message,
            StringComparison.Ordinal);
        var wrong = Assert.Throws<InvalidDataException>(() => Trial("a", factor: 1));
        Assert.Contains("found 1, 9 and 1", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_reports_its_epochs_and_ends_after_the_one_in_which_it_is_told_to()
    {
        using var digits = new Digits(train: 64, validation: 32);
        Assert.True(Trial("good").Report(1, Loss(double.NegativeInfinity)));
        using var model = new Plain();

        var ended = new Trainer(model, new() { Epochs = 9, Callbacks = [new TrialCallback(Trial("bad"), epoch => Loss(epoch.ValidationLoss!.Value))] }).Fit(
            digits.Train,
            digits.Validation);

        Assert.Equal((1, true), (ended.Epochs.Count, ended.StoppedEarly));
        var free = new TrialCallback(Trial("free", sweep: "another"), epoch => Loss(epoch.ValidationLoss!.Value));
        using var other = new Plain();
        var history = new Trainer(other, new() { Epochs = 2, Callbacks = [free] }).Fit(digits.Train, digits.Validation);
        Assert.Equal(
            history.Epochs.Select(epoch => (epoch.Epoch, epoch.ValidationLoss!.Value)),
            TrialReport.Read(folder.File("free.report.json"))!.Steps.Select(step => (step.Step, step.Metrics["loss"])));
    }

    private Trial Trial(string name, string sweep = "one", int factor = 3) => Training.Trial.Read(folder.Write($"{name}.in.json", Encoding.UTF8.GetBytes($$"""
        {
          "seed": 1, "parameters": {}, "sweep": "{{sweep}}", "report": "{{name}}.report.json",
          "halving": { "metric": "loss", "maximize": false, "least": 1, "most": 9, "factor": {{factor}} }
        }
        """)));

    private static Dictionary<string, double> Loss(double loss) => new() { ["loss"] = loss };
}
