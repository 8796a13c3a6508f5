using SourceNet.Sweep;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    // A log wraps nothing: one setting is one line.
    AnsiConsole.Profile.Width = 100_000;
}

return await CommandLine.RunAsync(args, AnsiConsole.Console, Console.Error);
