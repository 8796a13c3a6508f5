using System.CommandLine;
using Microsoft.CodeAnalysis.Diagnostics;
using SourceNet.Corpus.Analysis;
using SourceNet.Corpus.Reports;
using SourceNet.Corpus.Sources;
using Spectre.Console;

namespace SourceNet.Corpus;

/// <summary>The command line.</summary>
internal static class CorpusCommand
{
    public const int Clean = 0;
    public const int Misused = 2;
    public const int Crashed = 3;

    // What is piped is not wrapped.
    private const int PipedWidth = 1000;

    public static Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellation = default) =>
        RunAsync(arguments, Rules.All, output, error, cancellation);

    /// <summary>The same with other analyzers than those that ship.</summary>
    public static async Task<int> RunAsync(
        string[] arguments,
        IReadOnlyList<DiagnosticAnalyzer> analyzers,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellation = default)
    {
        Argument<DirectoryInfo[]> paths = new("paths") { Arity = ArgumentArity.OneOrMore, Description = "Folders of C# sources. They need not restore." };
        Option<string[]> rules = new("--rule") { Description = "Only this rule, such as SN2001. May be repeated.", AllowMultipleArgumentsPerToken = true };
        Option<FileInfo?> json = new("--json") { Description = "Writes the results to this file too." };
        Option<bool> timing = new("--timing") { Description = "Measures each analyzer, and binding without analyzers. Takes about five times as long." };
        paths.Validators.Add(result =>
        {
            foreach (var missing in result.Tokens.Where(token => !Directory.Exists(token.Value)))
            {
                result.AddError($"There is no folder '{missing.Value}'.");
            }
        });
        var known = analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).Select(rule => rule.Id).ToHashSet();
        rules.Validators.Add(result =>
        {
            foreach (var unknown in result.Tokens.Where(token => !known.Contains(token.Value)))
            {
                result.AddError($"There is no rule '{unknown.Value}'. There are {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
            }
        });
        json.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(token.Value)))))
            {
                result.AddError($"There is no folder for the file '{token.Value}'.");
            }
        });

        var command = new RootCommand("Runs the rules of SourceNet over source trees and shows what they find.") { paths, rules, json, timing };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(paths),
            parsed.GetValue(rules) ?? [],
            parsed.GetValue(json),
            parsed.GetValue(timing),
            analyzers,
            output,
            cancellation));
        var parsed = command.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var problem in parsed.Errors)
            {
                await error.WriteLineAsync(problem.Message);
            }

            return Misused;
        }

        return await parsed.InvokeAsync(new() { Output = output, Error = error }, cancellation);
    }

    private static int Run(
        DirectoryInfo[] paths,
        string[] rules,
        FileInfo? json,
        bool measures,
        IReadOnlyList<DiagnosticAnalyzer> analyzers,
        TextWriter output,
        CancellationToken cancellation)
    {
        bool IsWanted(string rule) => rules.Length == 0 || rules.Contains(rule);
        var inspection = new Inspection(analyzers.Where(analyzer => analyzer.SupportedDiagnostics.Any(rule => IsWanted(rule.Id))).ToList(), IsWanted);
        var trees = paths.DistinctBy(path => path.FullName).Select(path => inspection.Inspect(SourceTree.Read(path.FullName), measures, cancellation)).ToList();
        new ConsoleReport(ConsoleOf(output)).Write(trees);
        if (json is not null)
        {
            JsonReport.Write(json.FullName, trees);
        }

        return trees.Any(tree => tree.Crashes.Count > 0) ? Crashed : Clean;
    }

    private static IAnsiConsole ConsoleOf(TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (output != Console.Out || Console.IsOutputRedirected)
        {
            console.Profile.Width = PipedWidth;
        }

        return console;
    }
}
