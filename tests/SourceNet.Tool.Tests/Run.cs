using System.Reflection;
using SourceNet.Tool.Commands;
using Spectre.Console;

namespace SourceNet.Tool.Tests;

/// <summary>The tool in this process.</summary>
internal static class Run
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    public static string Configuration { get; } = Metadata("Configuration");

    public static async Task<(ExitCode ExitCode, string Output, string Errors)> SourcenetAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 100_000;
        var code = await CommandLine.RunAsync(arguments, console, errors);
        return ((ExitCode)code, output.ToString(), errors.ToString());
    }

    public static string TorchSharp { get; } = Metadata("TorchSharp");

    private static string Metadata(string key) =>
        typeof(Run).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}
