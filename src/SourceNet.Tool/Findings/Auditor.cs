using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SourceNet.Tool.Loading;

namespace SourceNet.Tool.Findings;

/// <summary>Runs every rule over the projects, with their own configuration.</summary>
internal static class Auditor
{
    /// <summary>What the rules find, in the order of places. What several target frameworks share is one finding.</summary>
    /// <param name="projects">The projects.</param>
    /// <param name="root">The folder that paths are relative to.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="ToolException">An analyzer failed.</exception>
    public static async Task<IReadOnlyList<Finding>> RunAsync(IReadOnlyList<LoadedProject> projects, string root, CancellationToken cancellation)
    {
        var found = new List<Found>();
        foreach (var project in projects)
        {
            Exception? failure = null;
            var run = new CompilationWithAnalyzers(
                project.Compilation,
                Rules.Analyzers,
                new CompilationWithAnalyzersOptions(
                    project.Options,
                    onAnalyzerException: (exception, _, _) => failure = exception,
                    concurrentAnalysis: true,
                    logAnalyzerExecutionTime: false,
                    reportSuppressedDiagnostics: true));
            foreach (var diagnostic in await run.GetAnalyzerDiagnosticsAsync(cancellation))
            {
                if (diagnostic.Id.StartsWith("SN", StringComparison.Ordinal))
                {
                    found.Add(new(diagnostic, project, diagnostic.Location.GetMappedLineSpan(), Justification(diagnostic, project.Compilation)));
                }
            }

            if (failure is not null)
            {
                throw new ToolException(ExitCode.AnalysisFailed, $"{project.Name}: an analyzer failed: {failure.GetType().Name}: {failure.Message}");
            }
        }

        var fingerprints = new Fingerprints();
        return
        [
            .. found
                .GroupBy(one => (one.Diagnostic.Id, one.Place.Path, one.Place.Span, Message: one.Diagnostic.GetMessage(
                    System.Globalization.CultureInfo.InvariantCulture)))
                .OrderBy(group => group.Key.Path, StringComparer.Ordinal)
                .ThenBy(group => group.Key.Span.Start)
                .ThenBy(group => group.Key.Id, StringComparer.Ordinal)
                .ThenBy(group => group.Key.Message, StringComparer.Ordinal)
                .Select(group => Finding(
                    group.First(),
                    [.. group.Select(one => one.Project.Name).Distinct().Order(StringComparer.Ordinal)],
                    group.Key.Message)),
        ];

        Finding Finding(Found one, IReadOnlyList<string> names, string message)
        {
            var path = one.Place.Path.Length == 0 ? "" : Path.GetRelativePath(root, one.Place.Path).Replace('\\', '/');
            var (member, code) = one.Diagnostic.Location is { SourceTree: { } tree, SourceSpan: var span } ? CodeContext.Of(tree, span) : ("", "");
            return new(
                one.Diagnostic.Id,
                (Severity)(int)one.Diagnostic.Severity,
                message,
                path,
                one.Place.StartLinePosition.Line + 1,
                one.Place.StartLinePosition.Character + 1,
                one.Place.EndLinePosition.Line + 1,
                one.Place.EndLinePosition.Character + 1,
                member,
                code,
                names,
                one.Suppression,
                fingerprints.Next(one.Diagnostic.Id, path, member, code));
        }
    }

    /// <summary>The reason that <c>[SuppressMessage]</c> gives, empty for a pragma; null if it is not suppressed.</summary>
    private static string? Justification(Diagnostic diagnostic, Compilation compilation) => !diagnostic.IsSuppressed
        ? null
        : diagnostic.GetSuppressionInfo(compilation)?.Attribute?.NamedArguments.FirstOrDefault(argument => argument.Key
            == "Justification").Value.Value as string ?? "";

    private sealed record Found(Diagnostic Diagnostic, LoadedProject Project, FileLinePositionSpan Place, string? Suppression);
}
