using QuickStart;
using Spectre.Console;

// The command line decides what to run; Experiment.cs runs it.
return await CommandLine.RunAsync(args, AnsiConsole.Console, Console.Error);
