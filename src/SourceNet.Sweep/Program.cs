using SourceNet.Sweep;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Width = 160;
}

return await CommandLine.RunAsync(args, AnsiConsole.Console, Console.Error);
