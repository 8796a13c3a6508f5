using QuickStart.Data;
using QuickStart.Models;
using QuickStart.Report;
using QuickStart.Training;
using Spectre.Console;
using static TorchSharp.torch;

namespace QuickStart;

/// <summary>The whole story: load, train both models, compare, plot, save the better one, load it back.</summary>
internal static class Experiment
{
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">The data is damaged.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> asked to stop.</exception>
    public static void Run(ExperimentSettings settings, IAnsiConsole console, CancellationToken cancel)
    {
        var data = FashionMnist.Load(settings.DataFolder);
        OutputFile.EnsureWritable(settings.OutputFiles);
        ConsoleReport.Opening(console, data, settings);

        // Always two: batches this small keep no more busy, and sums of floats depend on how many threads share them.
        set_num_threads(2);
        var trainer = new Trainer(data, settings, cancel);
        var (plain, regularized) = TrainingDisplay.Show(console, display => (
            trainer.Train(() => new PlainCnn(), display),
            trainer.Train(() => new RegularizedCnn(), display)));
        using var first = plain;
        using var second = regularized;

        ConsoleReport.Comparison(console, plain.Curve, regularized.Curve);
        ConsoleReport.Plan(console, regularized.Model);
        OutputFile.Write(settings.PlotFile, LearningCurvePlot.Png(plain.Curve, regularized.Curve, data, settings));
        if (settings.JsonFile is { } jsonFile)
            OutputFile.Write(jsonFile, JsonReport.Utf8(plain.Curve, regularized.Curve, data, settings));

        var better = regularized.Curve.Final.TestAccuracy >= plain.Curve.Final.TestAccuracy ? regularized : plain;
        better.Model.SaveSafetensors(settings.ModelFile);
        ReloadCheck.Run(better, settings.ModelFile, data.Test);
        ConsoleReport.Files(console, better, data, settings);
    }
}
