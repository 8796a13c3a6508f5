using System.Text.Json;
using Microsoft.CodeAnalysis;
using SourceNet.Tool.Findings;

namespace SourceNet.Tool.Formats;

/// <summary>SARIF 2.1.0, as code scanning of GitHub, Azure DevOps and editors read it.</summary>
internal static class SarifFormat
{
    /// <summary>What GitHub takes of one run; the heaviest are kept.</summary>
    private const int MostResults = 25_000;

    private static readonly Dictionary<string, int> s_places = Rules.Descriptors.Index().ToDictionary(rule => rule.Item.Id, rule => rule.Index);

    public static byte[] Of(AuditReport report)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
            json.WriteString("version", "2.1.0");
            json.WriteStartArray("runs");
            json.WriteStartObject();
            WriteTool(json, report);
            json.WriteString("columnKind", "utf16CodeUnits");
            json.WriteStartArray("results");
            foreach (var finding in report.Findings.OrderByDescending(finding => finding.Severity).Take(MostResults))
            {
                WriteResult(json, finding, report);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteTool(Utf8JsonWriter json, AuditReport report)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "SourceNet");
        json.WriteString("semanticVersion", report.Tool);
        json.WriteStartArray("rules");
        foreach (var rule in Rules.Descriptors)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            WriteText(json, "shortDescription", rule.Title.ToString(System.Globalization.CultureInfo.InvariantCulture));
            WriteText(json, "fullDescription", rule.Description.ToString(System.Globalization.CultureInfo.InvariantCulture));
            json.WriteString("helpUri", rule.HelpLinkUri);
            json.WriteStartObject("defaultConfiguration");
            json.WriteString("level", Level((Severity)(int)rule.DefaultSeverity));
            json.WriteBoolean("enabled", rule.IsEnabledByDefault);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, Finding finding, AuditReport report)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Rule);
        json.WriteNumber("ruleIndex", s_places[finding.Rule]);
        json.WriteString("level", Level(finding.Severity));
        WriteText(json, "message", finding.Message);
        json.WriteString("baselineState", report.IsNew(finding) ? "new" : "unchanged");
        json.WriteStartArray("locations");
        if (finding.Path.Length > 0)
        {
            json.WriteStartObject();
            json.WriteStartObject("physicalLocation");
            json.WriteStartObject("artifactLocation");
            json.WriteString("uri", string.Join('/', finding.Path.Split('/').Select(Uri.EscapeDataString)));
            json.WriteEndObject();
            json.WriteStartObject("region");
            json.WriteNumber("startLine", finding.Line);
            json.WriteNumber("startColumn", finding.Column);
            json.WriteNumber("endLine", finding.EndLine);
            json.WriteNumber("endColumn", finding.EndColumn);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("partialFingerprints");
        json.WriteString("sourcenet/v1", finding.Fingerprint);
        json.WriteEndObject();
        if (finding.Suppression is { } reason)
        {
            json.WriteStartArray("suppressions");
            json.WriteStartObject();
            json.WriteString("kind", "inSource");
            if (reason.Length > 0)
            {
                json.WriteString("justification", reason);
            }

            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text.Length > 0 ? text : "-");
        json.WriteEndObject();
    }

    private static string Level(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        Severity.Info => "note",
        _ => "none",
    };
}
