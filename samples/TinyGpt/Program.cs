using System.CommandLine;
using System.Globalization;
using SourceNet;
using SourceNet.Training;
using Spectre.Console;
using TinyGpt;
using static TorchSharp.torch;

var data = new Option<string>("--data") { Description = "A text file to learn from, such as tinyshakespeare.txt.", HelpName = "FILE", Required = true };
var steps = new Option<int>("--steps")
{
    Description = "Training steps of each model, rounded down to hundreds.",
    HelpName = "N",
    DefaultValueFactory = _ => 1000
};
var seeds = new Option<int>("--seeds") { Description = "How many models are trained with each norm.", HelpName = "N", DefaultValueFactory = _ => 1 };
var output = new Option<string>("--output")
{
    Description = "Folder for losses.png.",
    HelpName = "DIR",
    DefaultValueFactory = _ => Path.Combine("artifacts", "tiny-gpt"),
};
var command = new RootCommand("Trains a small language model with RMSNorm and with LayerNorm: loss, speed, and a page of text.") { data, steps, seeds, output };
command.SetAction(result =>
{
    CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
    if (Console.IsOutputRedirected)
    {
        AnsiConsole.Profile.Width = 160;
    }

    var folder = result.GetRequiredValue(output);
    try
    {
        Directory.CreateDirectory(folder);
        // Sums of floats depend on how many threads share them.
        set_num_threads(2);
        var corpus = Corpus.Read(result.GetRequiredValue(data), Experiment.Context);
        var experiment = new Experiment(corpus, result.GetRequiredValue(steps));
        var table = new Table().RoundedBorder().AddColumns("norm", "seed", "parameters", "training loss", "validation loss");
        var texts = new List<(string Norm, string Text)>();
        var histories = new List<(string Norm, TrainingHistory History)>();
        for (var seed = 1; seed <= result.GetRequiredValue(seeds); seed++)
        {
            foreach (var norm in new[] { "RMSNorm", "LayerNorm" })
            {
                using Model model = experiment.Create(norm, seed);
                AnsiConsole.WriteLine($"{norm}, seed {seed}");
                var history = LiveProgress.Show(AnsiConsole.Console, progress => experiment.Train(model, seed, progress));
                histories.Add((norm, history));
                table.AddRow(
                    norm,
                    $"{seed}",
                    $"{model.parameters().Sum(parameter => parameter.numel()):N0}",
                    $"{history.Final.TrainLoss:F3}",
                    $"{history.Final.ValidationLoss:F3}");
                if (seed == 1)
                {
                    manual_seed(1);
                    texts.Add((norm, experiment.Write(model, "ROMEO:", 400, temperature: 0.8)));
                }
            }
        }

        AnsiConsole.Write(table);
        File.WriteAllBytes(Path.Combine(folder, "losses.png"), LossCurves.Png(histories));
        AnsiConsole.WriteLine($"picture  {Path.GetFullPath(folder)}");
        using var rms = experiment.Create("RMSNorm", 1);
        using var layer = experiment.Create("LayerNorm", 1);
        var (ratio, one, other) = experiment.Speed(rms, layer);
        AnsiConsole.WriteLine($"a training step with RMSNorm takes {one:F1} ms, with LayerNorm {other:F1} ms: {ratio:F3} of it (medians, the two in turn)");
        foreach (var (norm, text) in texts)
        {
            AnsiConsole.Write(new Rule(norm) { Justification = Justify.Left });
            AnsiConsole.WriteLine(text);
        }

        return 0;
    }
    catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"error: {error.Message}");
        return 1;
    }
});
return command.Parse(args).Invoke();
