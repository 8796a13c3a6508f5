using System.Text.Json;
using SourceNet.Tool.Findings;

namespace SourceNet.Tool.Baselines;

/// <summary>Findings that a team knows and lives with: they fail nothing.</summary>
/// <param name="Version">The version of the format, 1.</param>
/// <param name="Findings">The findings.</param>
internal sealed record Baseline(int Version, IReadOnlyList<BaselineEntry> Findings)
{
    private const int Newest = 1;

    /// <summary>All active findings of an audit that can fail one. What was noted about them before stays.</summary>
    public static Baseline Of(IEnumerable<Finding> findings, Baseline? before) => new(
        Newest,
        [
            .. findings.Where(finding => finding is { IsActive: true, Severity: > Severity.Hidden }).Select(finding =>
            {
                var known = before?.Findings.FirstOrDefault(entry => entry.Fingerprint == finding.Fingerprint);
                return new BaselineEntry(
                    finding.Fingerprint,
                    finding.Rule,
                    finding.Path,
                    finding.Member,
                    finding.Message,
                    known?.Justification,
                    known?.Expires);
            }),
        ]);

    /// <exception cref="ToolException">The file cannot be read.</exception>
    public static Baseline Read(string path)
    {
        try
        {
            var baseline = JsonSerializer.Deserialize(File.ReadAllBytes(path), ToolJson.Default.Baseline);
            return baseline is { Version: Newest, Findings: not null } && baseline.Findings.All(entry => entry is { Fingerprint.Length: > 0, Rule.Length: > 0 })
                ? baseline
                : throw new ToolException(
                    ExitCode.Usage,
                    $"{path}: expected a baseline of version {Newest} with findings, found {(baseline is null ? "null" : $"version {baseline.Version}")}");
        }
        catch (JsonException error)
        {
            throw new ToolException(ExitCode.Usage, $"{path}({error.LineNumber + 1},{error.BytePositionInLine + 1}): {error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(ExitCode.Usage, $"{path}: expected a baseline that can be read, found: {error.Message}");
        }
    }

    /// <summary>The findings that are new, and the entries that nothing is found for any more.</summary>
    /// <param name="findings">What the audit found.</param>
    /// <param name="today">Entries that have expired by then count no longer.</param>
    public (IReadOnlyList<Finding> New, IReadOnlyList<BaselineEntry> Absent, IReadOnlyList<BaselineEntry> Expired) Compare(
        IReadOnlyList<Finding> findings,
        DateOnly today)
    {
        var expired = Findings.Where(entry => entry.Expires < today).ToList();
        var known = Findings.Except(expired).Select(entry => entry.Fingerprint).ToHashSet(StringComparer.Ordinal);
        var found = findings.Where(finding => finding.IsActive).Select(finding => finding.Fingerprint).ToHashSet(StringComparer.Ordinal);
        return (
            [.. findings.Where(finding => finding.IsActive && !known.Contains(finding.Fingerprint))],
            [.. Findings.Where(entry => !found.Contains(entry.Fingerprint))],
            expired);
    }
}

/// <summary>A finding that is known.</summary>
/// <param name="Fingerprint">What it is recognized by.</param>
/// <param name="Rule">The rule, for people.</param>
/// <param name="Path">The file, for people.</param>
/// <param name="Member">The member, for people.</param>
/// <param name="Message">The message, for people.</param>
/// <param name="Justification">Why it stays, if somebody has written that.</param>
/// <param name="Expires">The last day on which it is known; null for always.</param>
internal sealed record BaselineEntry(string Fingerprint, string Rule, string Path, string Member, string Message, string? Justification, DateOnly? Expires);
