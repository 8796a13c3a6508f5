using System.CommandLine;
using BatchNormModes;
using SourceNet.Training;
using Spectre.Console;
using static TorchSharp.torch;

var data = new Option<string>("--data")
{
    Description = "Folder with the four IDX files of Fashion-MNIST, plain or .gz. [default: 4000 + 1000 images that come with the program]",
    HelpName = "DIR",
    DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "Data")
};
var output = new Option<string>("--output")
{
    Description = "Folder for batch-sizes.png.",
    HelpName = "DIR",
    DefaultValueFactory = _ => Path.Combine("artifacts", "batch-norm-modes"),
};
var command = new RootCommand("Shows what batch norm does in train mode and in eval mode, step by step.") { data, output };
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
        using var train = FashionMnist.Train(result.GetRequiredValue(data));
        using var test = FashionMnist.Test(result.GetRequiredValue(data));
        // Sums of floats depend on how many threads share them.
        set_num_threads(2);
        manual_seed(1);
        using var net = new Net();
        var trainer = new Trainer(net, new() { Epochs = 8 });
        trainer.Fit(new Batches(train, FashionMnist.Normalize, 64, seed: 1, shuffle: true));

        WalkThrough.Run(AnsiConsole.Console, net, test);
        File.WriteAllBytes(Path.Combine(folder, "batch-sizes.png"), BatchSizes.Run(AnsiConsole.Console, net, test));
        AnsiConsole.WriteLine($"picture  {Path.GetFullPath(folder)}");
        return 0;
    }
    catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"error: {error.Message}");
        return 1;
    }
});
return command.Parse(args).Invoke();
