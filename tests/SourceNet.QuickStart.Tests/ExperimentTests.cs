using System.Text.Json;
using SourceNet.Training;
using Spectre.Console;

namespace QuickStart.Tests;

public sealed class ExperimentTests : IDisposable
{
    private readonly TemporaryFolder output = new();

    public void Dispose() => output.Dispose();

    [Fact]
    public async Task A_run_writes_the_plot_the_model_and_the_numbers()
    {
        using var data = TinyFashionMnist.FirstOfBundled(train: 300, test: 100);

        var (code, text, errors) = await Run("--data", data.Folder, "--output", output.Path, "--json", output.File("numbers.json"), "--epochs", "1");

        Assert.Equal(("", 0), (errors, code));
        Assert.Equal(["learning-curves.png", "model.safetensors", "numbers.json"], output.Files);
        Assert.Contains("loaded back, its predictions for all 100 test images are identical", text);
        Assert.Contains("PlainCnn  epoch 1/1", text);
        Assert.Contains("RegularizedCnn  epoch 1/1", text);
        Assert.Contains("gap between training and test accuracy", text);
        Assert.Contains(output.File("learning-curves.png"), text);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_numbers_and_another_seed_does_not()
    {
        using var data = TinyFashionMnist.FirstOfBundled(train: 300, test: 100);

        string[] common = ["--data", data.Folder, "--output", output.Path, "--epochs", "1"];
        await Run([.. common, "--seed", "3", "--json", output.File("first.json")]);
        await Run([.. common, "--seed", "3", "--json", output.File("second.json")]);
        await Run([.. common, "--seed", "4", "--json", output.File("other.json")]);

        var first = File.ReadAllBytes(output.File("first.json"));
        Assert.Equal(first, File.ReadAllBytes(output.File("second.json")));
        Assert.NotEqual(Losses(first), Losses(File.ReadAllBytes(output.File("other.json"))));
    }

    [Fact]
    public void The_bundled_set_is_complete()
    {
        using var train = FashionMnist.Train(ExperimentSettings.BundledData);
        using var test = FashionMnist.Test(ExperimentSettings.BundledData);

        Assert.Equal((4000, 1000), (train.Count, test.Count));
        Assert.True(File.Exists(Path.Combine(ExperimentSettings.BundledData, "COPYRIGHT")));
    }

    [Theory]
    [InlineData("--epochs", "0", "--epochs: expected a whole number from 1 to 1000, found '0'")]
    [InlineData("--epochs", "1.5", "--epochs: expected a whole number from 1 to 1000, found '1.5'")]
    [InlineData("--seed", "-1", "--seed: expected a whole number from 0 to 2147483647, found '-1'")]
    [InlineData("--seed", "x", "--seed: expected a whole number from 0 to 2147483647, found 'x'")]
    [InlineData("--data", "nowhere", "error: nowhere: expected the file train-images-idx3-ubyte")]
    public async Task A_bad_option_is_told_in_one_line(string option, string value, string message)
    {
        var (code, _, errors) = await Run(option, value, "--output", output.Path);

        Assert.Equal(1, code);
        Assert.StartsWith(message, errors);
        Assert.DoesNotContain("   at ", errors);
        Assert.Empty(output.Files);
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_is_told_before_the_training()
    {
        var (code, text, errors) = await Run("--output", output.Path, "--json", output.Path);

        Assert.Equal(1, code);
        Assert.StartsWith($"error: {output.Path}: expected a file that can be written, found a folder", errors);
        Assert.DoesNotContain("epoch ", text);
        Assert.Empty(output.Files);
    }

    [Fact]
    public async Task Help_names_every_option_and_no_path_of_this_machine()
    {
        var (code, text, _) = await Run("--help");

        Assert.Equal(0, code);
        Assert.All(["--data", "--epochs", "--seed", "--output", "--json"], option => Assert.Contains(option, text));
        Assert.DoesNotContain(AppContext.BaseDirectory, text);
    }

    private static double[] Losses(byte[] json) =>
        [.. JsonDocument.Parse(json).RootElement
            .GetProperty("models")
            .EnumerateArray()
            .Select(model => model.GetProperty("curve")[0].GetProperty("loss").GetDouble())];

    private static async Task<(int Code, string Text, string Errors)> Run(params string[] arguments)
    {
        using var text = new StringWriter();
        using var errors = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(text) });
        var code = await CommandLine.RunAsync(arguments, console, errors);
        return (code, text.ToString(), errors.ToString());
    }
}
