using System.Text.Json;

namespace SourceNet.Tool.Formats;

/// <summary>The whole report, for programs. docs/audit.schema.json describes it.</summary>
internal static class JsonFormat
{
    public static byte[] Of(AuditReport report) => JsonSerializer.SerializeToUtf8Bytes(report, ToolJson.Default.AuditReport);
}
