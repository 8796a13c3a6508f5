using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SourceNet.Corpus.Analysis;
using SourceNet.Corpus.Sources;

namespace SourceNet.Benchmarks.AnalyzerSpeed;

/// <summary>Measures the analyzers against the time to compile, and prints a row for each tree while it goes.</summary>
internal static class AnalyzerReport
{
    private const double ShareGoal = 0.05;
    private const double MethodGoalSeconds = 0.05;
    private const int Rounds = 5;

    // Of a tree. A build server and an editor keep the analyzers loaded: what is cold in them the first time is warm afterwards.
    private static readonly TimeSpan s_warmUp = TimeSpan.FromMinutes(1);

    private static readonly ImmutableArray<DiagnosticAnalyzer> s_analyzers = [.. Rules.All];
    private static readonly ImmutableArray<DiagnosticAnalyzer> s_peers = SdkAnalyzers.Load();

    internal static int Run(AnalyzerOptions options)
    {
        Console.WriteLine(
            $"{Machine.Description}; {s_analyzers.Length} analyzers on one thread, "
                + $"{(options.IsCold ? "the first round of this process" : $"the best of {Rounds} rounds")}");
        Console.WriteLine($"Goals: analyzers below {Percent(ShareGoal)} of the time to compile, no method above {Milliseconds(MethodGoalSeconds)} ms.");
        Console.WriteLine();
        Console.WriteLine(
            "| sources | files | lines | compile, ms | analyzers, ms | share | | share of the SDK's own | slowest analyzers, ms | slowest method | its ms | |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---|---:|---|---|---:|---|");
        if (options.Files > 0)
        {
            using var solution = new SyntheticSolution(options.Files);
            Measure("synthetic", solution.Read(), options.IsCold);
        }

        foreach (var folder in options.Folders)
        {
            Measure(Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar)), SourceTree.Read(folder), options.IsCold);
        }

        return 0;
    }

    private static void Measure(string name, SourceTree tree, bool isCold)
    {
        var timing = Time(tree, s_analyzers, isCold);
        if (timing.AnalyzerSeconds.Count == 0)
        {
            Console.WriteLine($"| {name} | 0 | 0 | | | | | | | | | |");
            return;
        }

        var slowest = timing.AnalyzerSeconds.OrderByDescending(pair => pair.Value).Take(4).Select(pair => $"{pair.Key} {Milliseconds(pair.Value)}");
        var method = MethodTime.Worst(tree, s_analyzers);
        string[] cells =
        [
            name,
            $"{tree.Projects.Sum(project => project.Files)}",
            $"{tree.Projects.Sum(project => project.Lines)}",
            Milliseconds(timing.CompileSeconds),
            Milliseconds(timing.TotalSeconds),
            Percent(timing.Share),
            Verdict(timing.Share < ShareGoal),
            isCold || s_peers.IsEmpty ? "" : Percent(Time(tree, s_peers, isCold).Share),
            string.Join(", ", slowest),
            method?.Where ?? "",
            method is null ? "" : Milliseconds(method.Seconds),
            Verdict(method is null || method.Seconds <= MethodGoalSeconds),
        ];
        Console.WriteLine($"| {string.Join(" | ", cells)} |");
    }

    private static Timing Time(SourceTree tree, ImmutableArray<DiagnosticAnalyzer> analyzers, bool isCold) => Timing.Sum(tree.Projects.Select(project => isCold
        ? AnalyzerStopwatch.Once(project.Compilation, analyzers, Emit)
        : AnalyzerStopwatch.Measure(project.Compilation, analyzers, Emit, Rounds, s_warmUp / tree.Projects.Count)));

    /// <summary>Sources that lack references are bound and not written.</summary>
    private static void Emit(CSharpCompilation compilation) => compilation.Emit(Stream.Null);

    private static string Verdict(bool isReached) => isReached ? "reached" : "missed";

    private static string Milliseconds(double seconds) => (1e3 * seconds).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
