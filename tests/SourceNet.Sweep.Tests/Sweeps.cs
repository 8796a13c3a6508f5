using System.Text.Json;
using Spectre.Console;

namespace SourceNet.Sweep.Tests;

/// <summary>Sweeps over <see cref="TrialProgram"/>, and the tool in this process.</summary>
internal static class Sweeps
{
    /// <summary>Writes a sweep of two rates and two seeds.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="behaviour">What its program does.</param>
    /// <param name="more">Further members of the file, with a comma at the end.</param>
    public static string Write(TemporaryFolder folder, string behaviour, string more = "") => folder.Write("sweep.json", $$"""
        {
          {{more}}
          "name": "test-sweep",
          "command": {{Command(behaviour)}},
          "parameters": { "rate": 0, "optimizer": "AdamW" },
          "grids": [ { "rate": [0, 0.5] } ],
          "seeds": [1, 2],
          "output": "results"
        }
        """);

    /// <summary>Writes a search of one rate between 1e-4 and 1, best at 1e-2, for trials of 9 steps.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="search">What it says of the method.</param>
    /// <param name="more">Further members of the file, with a comma at the end.</param>
    /// <param name="behaviour">What its program does.</param>
    public static string WriteSearch(TemporaryFolder folder, string search, string more = "", string behaviour = "learn") => folder.Write("sweep.json", $$"""
        {
          {{more}}
          "name": "test-search",
          "command": {{Command(behaviour)}},
          "parameters": { "optimizer": "AdamW" },
          "search": { {{search}}, "space": { "rate": { "log-uniform": [1e-4, 1] } } },
          "maximize": "score",
          "output": "results"
        }
        """);

    /// <summary>The test program as the command of a sweep.</summary>
    public static string Command(string behaviour)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        return $"[{JsonSerializer.Serialize(host)}, \"exec\", {JsonSerializer.Serialize(typeof(TrialProgram).Assembly.Location)}, \"{behaviour}\"]";
    }

    public static async Task<(int ExitCode, string Output, string Errors)> ToolAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output)
        });
        console.Profile.Width = 200;
        var code = await CommandLine.RunAsync(arguments, console, errors);
        return (code, output.ToString(), errors.ToString());
    }
}
