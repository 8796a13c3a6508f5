using System.Text.Json;

namespace SourceNet.Tool.Formats;

/// <summary>The whole report, for programs. docs/audit.schema.json describes it.</summary>
internal static class JsonFormat
{
    private const int Newest = 1;

    public static byte[] Of(AuditReport report) => JsonSerializer.SerializeToUtf8Bytes(report, ToolJson.Default.AuditReport);

    /// <exception cref="ToolException">The file cannot be read, or is no report.</exception>
    public static AuditReport Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(
                File.ReadAllBytes(path),
                ToolJson.Default.AuditReport) is { Version: Newest, Models: not null, Findings: not null, New: not null } report
                ? report
                : throw new ToolException(ExitCode.Usage, $"{path}: expected a report of sourcenet audit --json, version {Newest}, found another file");
        }
        catch (JsonException error)
        {
            throw new ToolException(
                ExitCode.Usage,
                $"{path}({error.LineNumber + 1},{error.BytePositionInLine + 1}): expected a report of sourcenet audit --json, found: {error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(ExitCode.Usage, $"{path}: expected a report that can be read, found: {error.Message}");
        }
    }
}
