using SourceNet.Tool.Commands;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    // A log wraps nothing: one finding is one line.
    AnsiConsole.Profile.Width = 100_000;
}

return await CommandLine.RunAsync(args, AnsiConsole.Console, Console.Error);
