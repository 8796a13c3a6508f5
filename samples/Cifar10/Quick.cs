using System.Text.Json;
using SourceNet.Training;
using Spectre.Console;

namespace Cifar10Experiment;

/// <summary>A look at four settings with few images.</summary>
internal static class Quick
{
    private static readonly (string Name, string Parameters)[] s_settings =
    [
        ("nothing", """{ "dropout": 0, "decay": 0, "optimizer": "AdamW", "smoothing": 0, "augmentation": false }"""),
        ("dropout 0.3", """{ "dropout": 0.3, "decay": 0, "optimizer": "AdamW", "smoothing": 0, "augmentation": false }"""),
        ("augmentation", """{ "dropout": 0, "decay": 0, "optimizer": "AdamW", "smoothing": 0, "augmentation": true }"""),
        ("everything", """{ "dropout": 0.3, "decay": 0.001, "optimizer": "AdamW", "smoothing": 0.1, "augmentation": true }"""),
    ];

    public static void Run(IAnsiConsole console, LabeledImages train, LabeledImages test)
    {
        using var few = train.Take(2000);
        using var unseen = test.Take(2000);
        var table = new Table().RoundedBorder().AddColumns("regularization", "training images", "test images", "gap");
        foreach (var (name, parameters) in s_settings)
        {
            var metrics = Experiment.Run(new(1, JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(parameters)!), few, unseen, epochs: 10);
            table.AddRow(name, $"{metrics["train"]:P1}", $"{metrics["test"]:P1}", $"{100 * metrics["gap"]:F1} points");
            console.WriteLine($"{name}: {metrics["seconds"]:F0} s");
        }

        console.Write(table);
    }
}
