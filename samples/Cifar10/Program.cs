using System.CommandLine;
using System.Globalization;
using Cifar10Experiment;
using SourceNet.Training;
using Spectre.Console;

var data = new Option<string>("--data")
{
    Description =
        "Folder with CIFAR-10 in its binary version: the archive, its files, or parts of them named cifar10_train*.bin and cifar10_test*.bin, plain or .gz.",
    HelpName = "DIR",
    Required = true
};
var epochs = new Option<int>("--epochs") { Description = "How often each network sees every image.", HelpName = "N", DefaultValueFactory = _ => 15 };
var images = new Option<int?>("--images") { Description = "How many of the training images are used, the first ones; all without it.", HelpName = "N" };
var quick = new Option<bool>("--quick") { Description = "Without a sweep: 2000 images and four settings, in two minutes." };
var files = new Argument<string[]>("files")
{
    Description = "The two files of a trial, IN.json and OUT.json, which sourcenet-sweep adds.",
    Arity = new ArgumentArity(0, 2)
};
var command = new RootCommand(
    "Trains the guide's CNN with one setting of dropout, weight decay, augmentation and label smoothing: a program for sourcenet-sweep.")
{
    data,
    epochs,
    images,
    quick,
    files
};
command.Validators.Add(result =>
{
    if (result.GetValue(files)!.Length != (result.GetValue(quick) ? 0 : 2))
    {
        result.AddError("Expected IN.json and OUT.json, or --quick: run the whole experiment with sourcenet-sweep run samples/Cifar10/sweep.json.");
    }
});
images.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int?>() is < 1)
    {
        result.AddError($"Expected at least 1 for --images, found {result.Tokens[0].Value}.");
    }
});
command.SetAction(result =>
{
    try
    {
        using var all = Images.Train(result.GetRequiredValue(data));
        using var train = all.Take(result.GetValue(images) ?? all.Count);
        using var test = Images.Test(result.GetRequiredValue(data));
        if (result.GetValue(quick))
        {
            Quick.Run(AnsiConsole.Console, train, test);
            return 0;
        }

        var trial = Trial.Read(result.GetRequiredValue(files)[0]);
        Trial.Write(result.GetRequiredValue(files)[1], Experiment.Run(trial, train, test, result.GetRequiredValue(epochs)));
        return 0;
    }
    catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"error: {error.Message}");
        return 1;
    }
});
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return command.Parse(args).Invoke();
