using Spectre.Console;

namespace QuickStart.Report;

/// <summary>Chooses how the training is shown: live bars in a terminal, one line an epoch in a file or a pipe.</summary>
internal static class TrainingDisplay
{
    /// <summary>Runs <paramref name="train"/> with a display that suits the console.</summary>
    public static T Show<T>(IAnsiConsole console, Func<ITrainingDisplay, T> train) => console.Profile.Capabilities.Ansi && console.Profile.Out.IsTerminal
        ? LiveDisplay.Show(console, train)
        : train(new LineDisplay(console.Profile.Out.Writer));
}
