using System.Globalization;
using Spectre.Console;

namespace SourceNet.Training;

/// <summary>A bar for each training, with the newest numbers beside it.</summary>
public sealed class LiveProgress : ITrainingProgress
{
    private readonly ProgressContext context;
    private ProgressTask? bar;
    private string model = "";
    private int epochs;

    private LiveProgress(ProgressContext context) => this.context = context;

    /// <summary>Runs trainings with a display that suits the console: live bars in a terminal, one line an epoch in a file, a pipe or a CI log.</summary>
    /// <param name="console">The console.</param>
    /// <param name="train">What runs them.</param>
    public static T Show<T>(IAnsiConsole console, Func<ITrainingProgress, T> train)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(train);
        return console.Profile is { Capabilities.Ansi: true, Out.IsTerminal: true }
            ? console.Progress()
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 12 }, new ElapsedTimeColumn())
                .Start(context => train(new LiveProgress(context)))
            : train(new LineProgress(console.Profile.Out.Writer));
    }

    /// <inheritdoc/>
    public void Begin(string model, int epochs, int stepsPerEpoch, int epochsDone)
    {
        (this.model, this.epochs) = (model, epochs);
        bar = context.AddTask(Describe(epochsDone, ""), maxValue: (double)epochs * stepsPerEpoch);
        bar.Increment((double)epochsDone * stepsPerEpoch);
    }

    /// <inheritdoc/>
    public void StepDone() => bar?.Increment(1);

    /// <inheritdoc/>
    public void EpochDone(EpochResult result, string? metric)
    {
        if (bar is not null)
        {
            bar.Description = Describe(result.Epoch, LineProgress.Numbers(result, metric));
        }
    }

    private string Describe(int epoch, string numbers) =>
        string.Create(CultureInfo.InvariantCulture, $"[bold]{Markup.Escape(model)}[/]  epoch {epoch}/{epochs}  {Markup.Escape(numbers)}");
}
