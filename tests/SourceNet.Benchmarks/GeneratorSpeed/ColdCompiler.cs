using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using SourceNet.Analyzers;
using SourceNet.Generators;
using SourceNet.Modeling;

namespace SourceNet.Benchmarks.GeneratorSpeed;

/// <summary>The SDK's own compiler in a process that has compiled nothing yet, as the first build after a checkout has it.</summary>
internal static partial class ColdCompiler
{
    /// <returns>The seconds in SourceNet's generators and in its analyzers, as <c>-reportanalyzer</c> prints them.</returns>
    /// <exception cref="InvalidOperationException">The compiler is not found, fails, or prints no such times.</exception>
    internal static (double Generator, double Analyzers) Run(ModelSources sources)
    {
        var arguments = Path.Combine(sources.Folder, "arguments.rsp");
        File.WriteAllLines(arguments,
        [
            "-noconfig", "-nologo", "-target:library", "-nullable:enable", "-langversion:latest", "-parallel-", "-reportanalyzer",
            $"-out:\"{Path.Combine(sources.Folder, "Models.dll")}\"",
            .. ModelSources.References.Select(reference => $"-r:\"{reference}\""),
            .. new[] { typeof(ModelGenerator), typeof(EquatableArray), typeof(TorchAnalyzer) }.Select(type => $"-analyzer:\"{type.Assembly.Location}\""),
            .. sources.Files.Select(file => $"\"{file}\""),
        ]);

        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", Compiler(), $"@{arguments}"]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? (Seconds(output, typeof(ModelGenerator).Assembly.GetName().Name!), Seconds(output, typeof(TorchAnalyzer).Assembly.GetName().Name!))
            : throw new InvalidOperationException($"The compiler ended with {process.ExitCode}: {output}");
    }

    private static string Compiler() =>
        DotNetSdk.Newest(Path.Combine("Roslyn", "bincore", "csc.dll"), File.Exists) ?? throw new InvalidOperationException("No SDK with a compiler is found.");

    /// <summary>A line such as <c>   2.345   51      SourceNet.Generators, Version=...</c>.</summary>
    private static double Seconds(string output, string assembly)
    {
        var line = Row().Matches(output).FirstOrDefault(row => row.Groups["name"].Value == assembly)
            ?? throw new InvalidOperationException($"The compiler prints no time of {assembly}: {output}");
        return double.Parse(line.Groups["seconds"].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^\s*<?(?<seconds>[\d.]+)\s+<?\d+\s+(?<name>[\w.]+), Version=", RegexOptions.Multiline)]
    private static partial Regex Row();
}
