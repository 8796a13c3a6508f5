using System.Text.Json;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace SourceNet.Tool.Findings;

/// <summary>Reads the findings out of the SARIF files that the compiler writes, one for each project: an audit without loading anything.</summary>
internal static class CompilerLogs
{
    private static readonly HashSet<string> s_rules = [.. Rules.Descriptors.Select(rule => rule.Id)];

    /// <summary>The files that paths mean: files, or all <c>.sarif</c> files in and below a folder.</summary>
    /// <exception cref="ToolException">There is none.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths) => [.. paths.SelectMany(Find)];

    /// <summary>The findings of SourceNet's rules in them; what several projects share is one finding.</summary>
    /// <param name="files">The compiler's SARIF files.</param>
    /// <param name="root">The folder that paths are relative to.</param>
    /// <exception cref="ToolException">One cannot be read.</exception>
    public static IReadOnlyList<Finding> Read(IReadOnlyList<string> files, string root)
    {
        var found = files.SelectMany(file => Read(file).Select(result => (Project: Path.GetFileNameWithoutExtension(file), Result: result))).ToList();
        var fingerprints = new Fingerprints();
        var trees = new Dictionary<string, Microsoft.CodeAnalysis.SyntaxTree>(StringComparer.Ordinal);
        return
        [
            .. found
                .GroupBy(one => one.Result)
                .OrderBy(group => group.Key.Path, StringComparer.Ordinal)
                .ThenBy(group => (group.Key.Line, group.Key.Column))
                .ThenBy(group => group.Key.Rule, StringComparer.Ordinal)
                .ThenBy(group => group.Key.Message, StringComparer.Ordinal)
                .Select(group => Finding(group.Key, [.. group.Select(one => one.Project).Distinct().Order(StringComparer.Ordinal)])),
        ];

        Finding Finding(Result result, IReadOnlyList<string> projects)
        {
            var path = result.Path.Length == 0 ? "" : Path.GetRelativePath(root, result.Path).Replace('\\', '/');
            var (member, code) = Context(result);
            return new(
                result.Rule, result.Severity, result.Message, path, result.Line, result.Column, result.EndLine, result.EndColumn, member, code, projects,
                result.Suppression, fingerprints.Next(result.Rule, path, member, code));
        }

        (string Member, string Code) Context(Result result)
        {
            if (!File.Exists(result.Path))
            {
                return ("", "");
            }

            if (!trees.TryGetValue(result.Path, out var tree))
            {
                trees.Add(result.Path, tree = CSharpSyntaxTree.ParseText(SourceText.From(File.ReadAllText(result.Path))));
            }

            var lines = tree.GetText().Lines;
            // The file may have changed since it was compiled.
            return result.Line < 1 || result.Line > lines.Count || result.EndLine < result.Line || result.EndLine > lines.Count
                ? ("", "")
                : CodeContext.Of(tree, TextSpan.FromBounds(
                    Position(result.Line, result.Column),
                    Math.Max(Position(result.Line, result.Column), Position(result.EndLine, result.EndColumn))));

            int Position(int line, int column) => Math.Clamp(lines[line - 1].Start + column - 1, lines[line - 1].Start, lines[line - 1].End);
        }
    }

    private static IEnumerable<string> Find(string path)
    {
        string[] found = File.Exists(path) ? [path] : Directory.Exists(path) ? Directory.GetFiles(path, "*.sarif", SearchOption.AllDirectories) : [];
        return found.Length > 0
            ? found.Order(StringComparer.Ordinal)
            : throw new ToolException(
                ExitCode.Usage,
                $"{path}: expected a SARIF file of the compiler or a folder with some, found none; build with -p:SourceNetSarif=FOLDER first");
    }

    private static IEnumerable<Result> Read(string file)
    {
        try
        {
            using var log = JsonDocument.Parse(File.ReadAllBytes(file));
            if (log.RootElement.ValueKind != JsonValueKind.Object
                || !log.RootElement.TryGetProperty("version", out var version)
                || version.GetString() != "2.1.0")
            {
                throw new ToolException(ExitCode.Usage, $"{file}: expected SARIF 2.1.0 of the compiler, found another file; ErrorLog must end in ,version=2.1");
            }

            return [.. log.RootElement
                .GetProperty("runs")
                .EnumerateArray()
                .SelectMany(run => run.GetProperty("results").EnumerateArray())
                .Where(result => s_rules.Contains(result.GetProperty("ruleId").GetString()!))
                .Select(Of)];
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new ToolException(ExitCode.Usage, $"{file}: expected SARIF 2.1.0 of the compiler, found: {error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(ExitCode.Usage, $"{file}: expected a file that can be read, found: {error.Message}");
        }
    }

    private static Result Of(JsonElement result)
    {
        var suppression = result.TryGetProperty("suppressions", out var reasons) && reasons.GetArrayLength() > 0
            ? reasons[0].TryGetProperty("justification", out var reason) ? reason.GetString() ?? "" : ""
            : null;
        var severity = (result.TryGetProperty("level", out var level) ? level.GetString() : "warning") switch
        {
            "error" => Severity.Error,
            "note" => Severity.Info,
            "none" => Severity.Hidden,
            _ => Severity.Warning
        };
        var message = result.GetProperty("message").GetProperty("text").GetString()!;
        var rule = result.GetProperty("ruleId").GetString()!;
        if (!result.TryGetProperty("locations", out var places) || places.GetArrayLength() == 0)
        {
            return new(rule, severity, message, "", 1, 1, 1, 1, suppression);
        }

        var place = places[0].GetProperty("physicalLocation");
        var uri = new Uri(place.GetProperty("artifactLocation").GetProperty("uri").GetString()!, UriKind.RelativeOrAbsolute);
        var region = place.GetProperty("region");
        return new(
            rule, severity, message, uri.IsAbsoluteUri ? uri.LocalPath : uri.ToString(),
            region.GetProperty("startLine").GetInt32(), region.GetProperty("startColumn").GetInt32(), region.GetProperty("endLine").GetInt32(),
            region.GetProperty("endColumn").GetInt32(), suppression);
    }

    private sealed record Result(
        string Rule,
        Severity Severity,
        string Message,
        string Path,
        int Line,
        int Column,
        int EndLine,
        int EndColumn,
        string? Suppression);
}
