using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SourceNet.Corpus.Analysis;
using SourceNet.Generators;

namespace SourceNet.Benchmarks.GeneratorSpeed;

/// <summary>What the generator and the analyzers take for many declared models: in a compiler of its own, in a warm one, and after an edit elsewhere.</summary>
internal static class GeneratorReport
{
    private const double ColdGoalSeconds = 3;
    private const double WarmGoalSeconds = 1;
    private const int Rounds = 5;

    internal static int Run(int models)
    {
        using var sources = new ModelSources(models);
        Console.WriteLine($"{Machine.Description}; {models} copies of the README's CNN, one file each");
        Console.WriteLine("| | generator, s | analyzers, s | both, s | goal, s |");
        Console.WriteLine("|---|---:|---:|---:|---:|");

        var (generator, analyzers) = ColdCompiler.Run(sources);
        Print("a compiler of its own (csc)", generator, analyzers, ColdGoalSeconds);

        Warm(sources.Compilation);
        var rounds = Enumerable.Range(0, Rounds).Select(_ => Warm(sources.Compilation)).ToList();
        Print("a warm compiler", rounds.Min(round => round.Generator), rounds.Min(round => round.Analyzers), WarmGoalSeconds);

        Edit(sources.Compilation);
        return 0;
    }

    private static (double Generator, double Analyzers) Warm(CSharpCompilation compilation)
    {
        var fresh = compilation.Clone();
        var driver = Driver().RunGeneratorsAndUpdateCompilation(fresh, out var generated, out _);
        var times = AnalyzerStopwatch.Analyze((CSharpCompilation)generated, [.. Rules.All], tree: null, part: null);
        return (driver.GetTimingInfo().ElapsedTime.TotalSeconds, times.Values.Sum());
    }

    /// <summary>A method more in a file that declares no model: nothing is generated again.</summary>
    private static void Edit(CSharpCompilation compilation)
    {
        var driver = Driver().RunGenerators(compilation);
        var times = new List<double>();
        var isCached = true;
        for (var round = 0; round < Rounds; round++)
        {
            var edited = compilation.AddSyntaxTrees(
                CSharpSyntaxTree.ParseText($"static class Elsewhere {{ public static int Number() => {round}; }}", ModelSources.Parsing, "Elsewhere.cs"));
            var start = Stopwatch.GetTimestamp();
            var run = driver.RunGenerators(edited);
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            isCached &= run
                .GetRunResult().Results
                .SelectMany(result => result.TrackedOutputSteps.Values)
                .SelectMany(steps => steps)
                .SelectMany(step => step.Outputs)
                .All(output => output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged);
        }

        Console.WriteLine($"| an edit elsewhere, {(isCached ? "all cached" : "NOT cached")} | {Seconds(times.Min())} | | | |");
    }

    private static GeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new ModelGenerator().AsSourceGenerator(), new AugmentationGenerator().AsSourceGenerator()],
        parseOptions: ModelSources.Parsing,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    private static void Print(string what, double generator, double analyzers, double goal)
    {
        var both = generator + analyzers;
        Console.WriteLine($"| {what} | {Seconds(generator)} | {Seconds(analyzers)} | {Seconds(both)} | {goal:0}, {(both <= goal ? "reached" : "missed")} |");
    }

    private static string Seconds(double seconds) => seconds.ToString("0.00", CultureInfo.InvariantCulture);
}
