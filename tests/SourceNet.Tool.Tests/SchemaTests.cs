using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using SourceNet.Tool.Baselines;
using SourceNet.Tool.Policies;

namespace SourceNet.Tool.Tests;

/// <summary>The published schemas are those of what the tool writes and reads. <c>SOURCENET_ACCEPT=1</c> writes them.</summary>
public class SchemaTests
{
    [Theory]
    [InlineData("audit.schema.json", typeof(AuditReport), "A report of sourcenet audit --json, version 1")]
    [InlineData("audit-policy.schema.json", typeof(AuditPolicy), "A policy of sourcenet audit, version 1")]
    [InlineData("baseline.schema.json", typeof(Baseline), "A baseline of sourcenet audit, version 1")]
    public void A_schema_is_current(string file, Type type, string title)
    {
        var schema = (JsonObject)JsonSchemaExporter.GetJsonSchemaAsNode(
            type == typeof(AuditPolicy) ? PolicyJson.Default.Options : ToolJson.Default.Options,
            type,
            new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", title);
        var text = schema.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n";
        var path = Path.Combine(Run.Root, "docs", file);
        if (Environment.GetEnvironmentVariable("SOURCENET_ACCEPT") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(text, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }
}
