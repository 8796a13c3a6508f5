using QuickStart.Models;
using QuickStart.Report;
using SourceNet;
using SourceNet.Training;
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
        using var train = FashionMnist.Train(settings.DataFolder);
        using var test = FashionMnist.Test(settings.DataFolder);
        OutputFile.EnsureWritable(settings.OutputFiles);
        ConsoleReport.Opening(console, train.Count, test.Count, settings);

        // Always two: batches this small keep no more busy, and sums of floats depend on how many threads share them.
        set_num_threads(2);
        var learned = new Batches(train, FashionMnist.Normalize, ExperimentSettings.BatchSize, settings.Seed, shuffle: true);
        var seen = new Batches(train, FashionMnist.Normalize, size: 500);
        var unseen = new Batches(test, FashionMnist.Normalize, size: 500);
        var (plain, regularized) = LiveProgress.Show(console, progress => (
            Train(() => new PlainCnn(), progress),
            Train(() => new RegularizedCnn(), progress)));
        using var first = plain;
        using var second = regularized;

        ConsoleReport.Comparison(console, plain.History, regularized.History);
        ConsoleReport.Diagnosis(console, plain);
        ConsoleReport.Plan(console, regularized.Model);
        OutputFile.Write(settings.PlotFile, LearningCurvePlot.Png(plain.History, regularized.History, train.Count, settings));
        if (settings.JsonFile is { } jsonFile)
            OutputFile.Write(jsonFile, JsonReport.Utf8(plain.History, regularized.History, train.Count, test.Count, settings));

        var better = regularized.History.Final.TestAccuracy >= plain.History.Final.TestAccuracy ? regularized : plain;
        better.Model.SaveSafetensors(settings.ModelFile);
        ReloadCheck.Run(better, settings.ModelFile, unseen);
        ConsoleReport.Files(console, better, test.Count, settings);

        // The declaration decides the loss and the optimizer.
        TrainedModel Train(Func<Model> create, ITrainingProgress progress)
        {
            manual_seed(settings.Seed);     // first weights and dropout
            var model = create();
            var trainer = new Trainer(model, new() { Epochs = settings.Epochs, LearningRate = ExperimentSettings.LearningRate, Progress = progress });
            return new(create, model, trainer.Fit(learned, unseen, measured: seen, cancel));
        }
    }
}
