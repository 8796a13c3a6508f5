using System.Globalization;
using QuickStart.Training;
using Spectre.Console;

namespace QuickStart.Report;

/// <summary>One bar a model, with the newest numbers beside it.</summary>
internal sealed class LiveDisplay(ProgressContext context) : ITrainingDisplay
{
    private ProgressTask? bar;
    private string model = "";
    private int epochs;

    /// <summary>Shows bars as long as <paramref name="train"/> runs; they stay on the screen afterwards.</summary>
    public static T Show<T>(IAnsiConsole console, Func<ITrainingDisplay, T> train) => console.Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 12 }, new ElapsedTimeColumn())
        .Start(context => train(new LiveDisplay(context)));

    public void Begin(string model, int epochs, int batchesPerEpoch)
    {
        (this.model, this.epochs) = (model, epochs);
        bar = context.AddTask(Describe(null), maxValue: (double)epochs * batchesPerEpoch);
    }

    public void BatchDone() => bar?.Increment(1);

    public void EpochDone(EpochResult result) => bar?.Description(Describe(result));

    private string Describe(EpochResult? newest) => string.Create(CultureInfo.InvariantCulture,
        $"[bold]{model,-14}[/]  epoch {newest?.Epoch ?? 0,2}/{epochs}  train {Percent(newest?.TrainAccuracy)}  test {Percent(newest?.TestAccuracy)}");

    private static string Percent(double? accuracy) => string.Create(CultureInfo.InvariantCulture, $"{100 * accuracy,5:F1} %");
}
