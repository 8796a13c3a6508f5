using System.Globalization;
using SourceNet;
using SourceNet.Training;
using Spectre.Console;

namespace QuickStart.Report;

/// <summary>What stands on the screen before and after the training.</summary>
internal static class ConsoleReport
{
    /// <summary>What is about to happen, and with what.</summary>
    public static void Opening(IAnsiConsole console, int trainImages, int testImages, ExperimentSettings settings)
    {
        console.MarkupLine("[bold]One small CNN, without and with regularization[/]");
        Line(console, $"Fashion-MNIST: {trainImages} training and {testImages} test images, {settings.Epochs} epochs, seed {settings.Seed}");
        Line(console, $"");
    }

    /// <summary>The table of accuracies, and in one sentence what it says.</summary>
    public static void Comparison(IAnsiConsole console, TrainingHistory plain, TrainingHistory regularized)
    {
        var table = new Table().Border(TableBorder.Rounded)
            .AddColumn("model")
            .AddColumn(new TableColumn("train accuracy").RightAligned())
            .AddColumn(new TableColumn("test accuracy").RightAligned())
            .AddColumn(new TableColumn("gap").RightAligned());
        foreach (var history in new[] { plain, regularized })
            table.AddRow(history.Model, Percent(history.Final.TrainAccuracy), Percent(history.Final.TestAccuracy), Points(history.Final.Gap));

        Line(console, $"");
        console.Write(table);
        Line(console, $"{Verdict(plain.Final, regularized.Final)}");
    }

    /// <summary>Whether a model overfits, and the guide's next steps with what it declares of each.</summary>
    public static void Diagnosis(IAnsiConsole console, TrainedModel trained)
    {
        Line(console, $"");
        Line(
            console,
            $"{trained.History.Model}: {Overfitting.Diagnose(trained.History, trained.Model.RegularizationPlan, augments: false).ToString().TrimEnd()}");
    }

    /// <summary>What regularizes a model: where, how strong, and whether it was declared there or for the whole class.</summary>
    public static void Plan(IAnsiConsole console, Model model)
    {
        var summary = model.Summary();
        Line(console, $"");
        Line(console, $"What regularizes {summary.Model}({summary.Arguments}):");
        Line(console, $"{model.RegularizationPlan}");
    }

    /// <summary>What was written, and where.</summary>
    public static void Files(IAnsiConsole console, TrainedModel saved, int testImages, ExperimentSettings settings)
    {
        Line(console, $"learning curves  {Path.GetFullPath(settings.PlotFile)}");
        Line(console, $"better model     {Path.GetFullPath(settings.ModelFile)}");
        Line(console, $"                 {saved.History.Model}; loaded back, its predictions for all {testImages} test images are identical");
        if (settings.JsonFile is { } jsonFile)
            Line(console, $"numbers          {Path.GetFullPath(jsonFile)}");
    }

    /// <summary>Says what came out, whatever it is.</summary>
    internal static string Verdict(EpochResult plain, EpochResult regularized)
    {
        var direction = regularized.Gap < plain.Gap ? "shrank" : "did not shrink";
        return string.Create(CultureInfo.InvariantCulture,
            $"Regularization {direction} the gap between training and test accuracy: {100 * plain.Gap:F1} -> {100 * regularized.Gap:F1} percentage points.");
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} %");

    private static string Points(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} points");

    // Past the console's layout: a path must not be broken into lines, nor its brackets read as markup.
    private static void Line(IAnsiConsole console, FormattableString text) =>
        console.Profile.Out.Writer.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
