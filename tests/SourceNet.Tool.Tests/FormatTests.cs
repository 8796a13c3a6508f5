using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using SourceNet.Tool.Findings;
using SourceNet.Tool.Formats;
using SourceNet.Tool.Inventory;

namespace SourceNet.Tool.Tests;

public class FormatTests
{
    [Fact]
    public void Sarif_declares_every_rule_and_points_to_it()
    {
        using var sarif = JsonDocument.Parse(SarifFormat.Of(
            Report(Finding("SN2001", Severity.Warning, "a b/Größe.cs"), Finding("SN1001", Severity.Error, "b.cs") with { Suppression = "known" })));
        var run = sarif.RootElement.GetProperty("runs")[0];
        var rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules");
        var results = run.GetProperty("results").EnumerateArray().ToList();

        Assert.Equal("2.1.0", sarif.RootElement.GetProperty("version").GetString());
        Assert.Equal(Rules.Descriptors.Select(rule => rule.Id), rules.EnumerateArray().Select(rule => rule.GetProperty("id").GetString()));
        Assert.All(
            results,
            result => Assert.Equal(result.GetProperty("ruleId").GetString(), rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString()));
        Assert.Equal(["error", "warning"], results.Select(result => result.GetProperty("level").GetString()));
        Assert.Equal("known", results[0].GetProperty("suppressions")[0].GetProperty("justification").GetString());
        Assert.Equal("new", results[1].GetProperty("baselineState").GetString());
        var place = results[1].GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal("a%20b/Gr%C3%B6%C3%9Fe.cs", place.GetProperty("artifactLocation").GetProperty("uri").GetString());
        Assert.Equal((3, 5, 3, 9), (Number("startLine"), Number("startColumn"), Number("endLine"), Number("endColumn")));
        Assert.Equal(32, results[1].GetProperty("partialFingerprints").GetProperty("sourcenet/v1").GetString()!.Length);

        int Number(string name) => place.GetProperty("region").GetProperty(name).GetInt32();
    }

    [Fact]
    public void Sarif_stays_within_the_limits_of_code_scanning_and_keeps_the_heaviest()
    {
        var findings = Enumerable.Range(0, 25_001).Select(i => Finding("SN2001", i == 25_000 ? Severity.Error : Severity.Info, "a.cs")).ToArray();

        using var sarif = JsonDocument.Parse(SarifFormat.Of(Report(findings)));

        var results = sarif.RootElement.GetProperty("runs")[0].GetProperty("results");
        Assert.Equal(25_000, results.GetArrayLength());
        Assert.Equal("error", results[0].GetProperty("level").GetString());
    }

    /// <summary>The schema that OASIS publishes is not ours to copy: <c>SOURCENET_SARIF_SCHEMA=sarif-schema-2.1.0.json</c>.</summary>
    [SarifFact]
    public async Task Sarif_is_valid_by_the_published_schema()
    {
        var schema = await NJsonSchema.JsonSchema.FromFileAsync(Environment.GetEnvironmentVariable("SOURCENET_SARIF_SCHEMA")!);
        var report = Report(
            Finding("SN2001", Severity.Warning, "a b/Größe.cs"),
            Finding("SN9001", Severity.Error, "b.cs") with { Suppression = "known" },
            Finding("SN1001", Severity.Info, ""));

        Assert.Empty(schema.Validate(Encoding.UTF8.GetString(SarifFormat.Of(report))));
        Assert.NotEmpty(schema.Validate(Encoding.UTF8.GetString(SarifFormat.Of(report)).Replace("\"ruleId\"", "\"rule\"")));
    }

    [Fact]
    public void Markdown_cannot_be_broken_by_what_it_shows()
    {
        var text = Encoding.UTF8.GetString(
            MarkdownFormat.Of(Report(Finding("SN2001", Severity.Warning, "a.cs") with { Message = "a | b <script> *c*\nd" }), Severity.Warning));

        Assert.Contains(@"| SN2001 | a.cs:3 | a \| b &lt;script> \*c\* d |", text);
        Assert.Contains("**1 new.**", text);
    }

    [Fact]
    public void Markdown_ends_below_a_mebibyte_on_a_whole_line()
    {
        var findings = Enumerable.Range(0, 20_000).Select(_ => Finding("SN2001", Severity.Warning, "a.cs") with { Message = new string('x', 80) }).ToArray();

        var bytes = MarkdownFormat.Of(Report(findings), Severity.Warning);

        Assert.InRange(bytes.Length, 900_000, 1 << 20);
        Assert.EndsWith("xxx |\n\nThe rest is left out: it would be more than the page takes.\n", Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void JUnit_has_a_case_for_each_rule_and_fails_those_with_new_findings()
    {
        var xml = XDocument.Parse(Encoding.UTF8.GetString(JUnitFormat.Of(
            Report(Finding("SN2001", Severity.Warning, "a.cs") with { Message = "zero \0 & less <" }, Finding("SN1004", Severity.Info, "a.cs")),
            Severity.Warning)));

        var cases = xml.Descendants("testcase").ToList();
        Assert.Equal(Rules.Descriptors.Count, cases.Count);
        var failed = Assert.Single(cases, test => test.Element("failure") is not null);
        Assert.StartsWith("SN2001: ", failed.Attribute("name")!.Value);
        Assert.Contains("a.cs(3,5): zero ? & less <", failed.Element("failure")!.Value);
        Assert.Equal("1", xml.Descendants("testsuite").Single().Attribute("failures")!.Value);
    }

    [Fact]
    public void Json_has_the_inventory_as_flat_keys_too()
    {
        using var json = JsonDocument.Parse(JsonFormat.Of(Report()));

        Assert.Equal("0.3", json.RootElement.GetProperty("regularization").GetProperty("regularization.Demo.Net.hidden.dropout.Dropout").GetString());
        Assert.Equal("explicit", json.RootElement.GetProperty("models")[0].GetProperty("regularization")[0].GetProperty("provenance").GetString());
    }

    private static AuditReport Report(params Finding[] findings)
    {
        ModelEntry[] models =
            [new("Demo.Net", "declared", "Net.cs", 3, true, "[4]", "[2]", "10", [], [new("hidden.dropout", "Dropout", "0.3", "explicit")], [])];
        return new(
            1,
            "1.0.0",
            "Demo.sln",
            ["Demo"],
            models,
            AuditReport.Flatten(models),
            findings,
            [.. findings.Select(finding => finding.Fingerprint)],
            [],
            []);
    }

    private static Finding Finding(string rule, Severity severity, string path) =>
        new(rule, severity, "What is wrong.", path, 3, 5, 3, 9, "Demo.Net.forward", "code", ["Demo"], null, new Fingerprints().Next(
            rule,
            path,
            "Demo.Net.forward",
            "code"));

    private sealed class SarifFactAttribute : FactAttribute
    {
        public SarifFactAttribute() => Skip = Environment.GetEnvironmentVariable("SOURCENET_SARIF_SCHEMA") is { Length: > 0 }
            ? null
            : "SOURCENET_SARIF_SCHEMA=sarif-schema-2.1.0.json runs it.";
    }
}
