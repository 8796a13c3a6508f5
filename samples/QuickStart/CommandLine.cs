using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using Spectre.Console;

namespace QuickStart;

/// <summary>Options in, exit code out: 0 when the experiment ran, 1 when something was wrong, 130 after Ctrl+C.</summary>
internal static class CommandLine
{
    private const int Failed = 1;
    private const int Interrupted = 130;

    private static readonly Option<string?> s_data = new("--data")
    {
        Description = "Folder with the four IDX files of Fashion-MNIST, plain or .gz. [default: 4000 + 1000 images that come with the program]",
        HelpName = "DIR",
    };

    private static readonly Option<int> s_epochs = WholeNumber("--epochs", 1, 1000, ExperimentSettings.DefaultEpochs,
        "How often each model sees every training image.");

    private static readonly Option<int> s_seed = WholeNumber("--seed", 0, int.MaxValue, 1,
        "Decides the first weights, the order of the images and the dropout. The same seed gives the same numbers.");

    private static readonly Option<string> s_output = new("--output")
    {
        Description = "Folder for learning-curves.png and model.safetensors; made if it is not there.",
        HelpName = "DIR",
        DefaultValueFactory = _ => Path.Combine("artifacts", "quickstart"),
    };

    private static readonly Option<string?> s_json = new("--json")
    {
        Description = "Also write all numbers to this file.",
        HelpName = "FILE",
    };

    /// <summary>Parses the arguments and runs the experiment.</summary>
    public static async Task<int> RunAsync(string[] args, IAnsiConsole console, TextWriter errors)
    {
        var command = new RootCommand(
            "Trains the same small CNN twice on Fashion-MNIST, without and with regularization, and shows how the gap between training and test accuracy "
                + "changes.")
        {
            s_data, s_epochs, s_seed, s_output, s_json,
        };
        command.SetAction((result, cancel) => Task.Run(() => Run(Settings(result), console, errors, cancel), CancellationToken.None));

        var parsed = command.Parse(args);
        if (parsed.Action is ParseErrorAction mistake)
            mistake.ShowHelp = false;
        return await parsed.InvokeAsync(new InvocationConfiguration { Error = errors, Output = console.Profile.Out.Writer });
    }

    private static int Run(ExperimentSettings settings, IAnsiConsole console, TextWriter errors, CancellationToken cancel)
    {
        try
        {
            Experiment.Run(settings, console, cancel);
            return 0;
        }
        catch (OperationCanceledException)
        {
            errors.WriteLine("Interrupted. Nothing was written.");
            return Interrupted;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            errors.WriteLine($"error: {error.Message}");
            return Failed;
        }
    }

    private static ExperimentSettings Settings(ParseResult result) => new(
        result.GetValue(s_data) ?? ExperimentSettings.BundledData,
        result.GetRequiredValue(s_output),
        result.GetValue(s_json),
        result.GetRequiredValue(s_epochs),
        result.GetRequiredValue(s_seed));

    private static Option<int> WholeNumber(string name, int least, int most, int standard, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => standard,
        CustomParser = result => Parse(result, name, least, most),
    };

    private static int Parse(ArgumentResult result, string name, int least, int most)
    {
        var text = result.Tokens[^1].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        result.AddError($"{name}: expected a whole number from {least} to {most}, found '{text}'");
        return least;
    }
}
