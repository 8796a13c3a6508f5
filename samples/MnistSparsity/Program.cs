using System.CommandLine;
using MnistSparsity;
using SourceNet.Training;
using Spectre.Console;
using static TorchSharp.torch;

var data = new Option<string>("--data")
{
    Description = "Folder with the four IDX files of MNIST, plain or .gz. [default: 4000 + 1000 images of Fashion-MNIST that come with the program]",
    HelpName = "DIR",
    DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "Data")
};
var epochs = new Option<int>("--epochs") { Description = "How often each network sees every image.", HelpName = "N", DefaultValueFactory = _ => 10 };
var seeds = new Option<int>("--seeds") { Description = "How many networks are trained in each way.", HelpName = "N", DefaultValueFactory = _ => 1 };
var output = new Option<string>("--output")
{
    Description = "Folder for results.csv and sparsity.png.",
    HelpName = "DIR",
    DefaultValueFactory = _ => Path.Combine("artifacts", "mnist-sparsity")
};
var command = new RootCommand(
    "Trains the same MLP with L2, weight decay, L1 by subgradients, proximal L1 and elastic net, and counts the weights that are zero.")
{
    data,
    epochs,
    seeds,
    output
};
command.SetAction(result =>
{
    if (Console.IsOutputRedirected)
    {
        AnsiConsole.Profile.Width = 160;
    }

    var folder = result.GetRequiredValue(output);
    try
    {
        Directory.CreateDirectory(folder);
        using var train = Mnist.Train(result.GetRequiredValue(data));
        using var test = Mnist.Test(result.GetRequiredValue(data));
        // Sums of floats depend on how many threads share them.
        set_num_threads(2);
        var results = new List<Result>();
        foreach (var experiment in Experiment.All)
        {
            AnsiConsole.WriteLine(experiment.Name);
            LiveProgress.Show(AnsiConsole.Console, progress =>
            {
                for (var seed = 1; seed <= result.GetRequiredValue(seeds); seed++)
                {
                    results.Add(experiment.Run(seed, result.GetRequiredValue(epochs), train, test, progress));
                }

                return results.Count;
            });
        }

        Report.Write(AnsiConsole.Console, results);
        File.WriteAllText(Path.Combine(folder, "results.csv"), Report.Csv(results));
        File.WriteAllBytes(Path.Combine(folder, "sparsity.png"), Report.Png(results));
        AnsiConsole.WriteLine($"results  {Path.GetFullPath(folder)}");
        return 0;
    }
    catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"error: {error.Message}");
        return 1;
    }
});
return command.Parse(args).Invoke();
