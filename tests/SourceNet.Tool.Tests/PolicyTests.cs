using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Regularizers;
using SourceNet.Tool.Findings;
using SourceNet.Tool.Inventory;
using SourceNet.Tool.Policies;

namespace SourceNet.Tool.Tests;

public sealed class PolicyTests : IDisposable
{
    private static readonly ModelEntry s_model = new(
        "Team.Vision.Net", "declared", "Net.cs", 7, true, null, null, null,
        [Layer("one.dropout", "Dropout"), Layer("two.conv", "Conv2d"), Layer("two.norm", "BatchNorm2d"), Layer("three.dropout", "Dropout2d")],
        [
            new("one.dropout", "Dropout", "0.6", "explicit") { Number = 0.6 },
            new("two.norm", "BatchNorm", "eps 1E-05", "explicit") { Number = 1e-5 },
            new("three.dropout", "SpatialDropout", "rate / 2", "explicit"),
            new("three.path", "DropPath", "depth / 10", "explicit", 0.2),
            new("two.conv.weight", "WeightDecay", "0.01", "default") { Number = 0.01 },
            new("biases, norms and embeddings", "WeightDecay", "0", "derived") { Number = 0 },
        ],
        []);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("\"regularizer\": \"LabelSmoothing\", \"require\": true", "Team.Vision.Net has no LabelSmoothing.")]
    [InlineData("\"regularizer\": \"WeightDecay\", \"require\": true")]
    [InlineData("\"regularizer\": \"WeightDecay\", \"where\": \"three.*\", \"require\": true", "Team.Vision.Net has no WeightDecay at three.*.")]
    [InlineData("\"regularizer\": \"*Dropout\", \"before\": \"BatchNorm*\", \"max\": 0.5", "Team.Vision.Net has Dropout 0.6 at one.dropout, above 0.5.")]
    [InlineData("\"regularizer\": \"Dropout\", \"before\": \"LayerNorm\", \"max\": 0.5")]
    [InlineData("\"regularizer\": \"Dropout\", \"before\": \"LayerNorm\", \"require\": true", "Team.Vision.Net has no Dropout before LayerNorm.")]
    [InlineData("\"regularizer\": \"Dropout\", \"min\": 0.6, \"max\": 0.6")]
    [InlineData(
        "\"regularizer\": \"SpatialDropout\", \"max\": 0.5",
        "Team.Vision.Net has SpatialDropout rate / 2 at three.dropout, which is no number that can be compared: write one, give its parameters default "
            + "arguments, or take it out of this rule.")]
    [InlineData("\"regularizer\": \"DropPath\", \"max\": 0.1", "Team.Vision.Net has DropPath depth / 10 (0.2 by default) at three.path, above 0.1.")]
    [InlineData("\"regularizer\": \"DropPath\", \"max\": 0.2")]
    [InlineData("\"regularizer\": \"BatchNorm\", \"min\": 1e-4", "Team.Vision.Net has BatchNorm eps 1E-05 at two.norm, below 0.0001.")]
    [InlineData("\"regularizer\": \"WeightDecay\", \"where\": \"*.weight\", \"min\": 0.001")]
    [InlineData("\"regularizer\": \"*Norm\", \"forbid\": true", "Team.Vision.Net has BatchNorm eps 1E-05 at two.norm.")]
    [InlineData("\"regularizer\": \"LabelSmoothing\", \"require\": true, \"models\": \"Team.Text.*\"")]
    [InlineData("\"regularizer\": \"LabelSmoothing\", \"require\": true, \"modelKind\": \"hand-written\"")]
    public void A_rule_is_checked_for_the_models_that_it_is_about(string rule, params string[] violations)
    {
        var policy = AuditPolicy.Read(folder.Write("policy.json", $$"""{ "version": 1, "rules": [ { "name": "ours", {{rule}} } ] }"""));

        Assert.Equal(violations.Select(violation => $"ours: {violation}"), PolicyFindings.Of(policy.Check([s_model])).Select(finding => finding.Message));
    }

    [Fact]
    public void A_policy_may_be_about_every_regularizer() =>
        Assert.All(Enum.GetNames<RegularizationKind>(), kind => Assert.Null(new PolicyRule("ours", kind) { Require = true }.Mistake()));

    [Theory]
    [InlineData("ElasticNet")]
    [InlineData("WeightDecay")]
    [InlineData("L1")]
    public void An_elastic_net_meets_a_policy_that_asks_for_it_or_for_a_part_of_it(string regularizer)
    {
        var strength = new Strength(Rate.Of(0.1)) { Also = new Strength(Rate.Of(0.5), "L1Ratio") };
        var declared = new DeclaredRegularizer(RegularizationKind.ElasticNet, strength, Provenance.Default, Origin.Class);
        var entries = WeightRegularizers.Of([declared]).Entries
            .Select(entry => RegularizerEntry.Of(new("one.linear.weight", entry.Kind, entry.Strength, entry.Provenance)));
        var model = s_model with { Regularization = [.. entries] };
        var rule = new PolicyRule("ours", regularizer) { Require = true, Where = "one.*" };

        Assert.Empty(rule.Check(model));
        Assert.Single(rule.Check(model with { Regularization = [] }));
        // What is compared is a part's own number.
        Assert.Equal(regularizer == "ElasticNet" ? 1 : 0, new PolicyRule("ours", regularizer) { Max = 0.07 }.Check(model).Count());
    }

    [Fact]
    public void What_cannot_be_read_of_a_model_is_said_when_it_seems_to_lack_something()
    {
        var policy = AuditPolicy.Read(
            folder.Write("policy.json", """{ "version": 1, "rules": [ { "name": "ours", "regularizer": "L1", "require": true, "severity": "info" } ] }"""));

        var finding = Assert.Single(PolicyFindings.Of(policy.Check([s_model with { IsComplete = false }])));

        Assert.Equal("ours: Team.Vision.Net has no L1, as far as its code can be read.", finding.Message);
        Assert.Equal(("SN9001", Severity.Info, "Net.cs", 7), (finding.Rule, finding.Severity, finding.Path, finding.Line));
    }

    [Fact]
    public void A_violation_is_recognized_after_its_strength_or_its_line_changed()
    {
        var policy = AuditPolicy.Read(
            folder.Write("policy.json", """{ "version": 1, "rules": [ { "name": "ours", "regularizer": "Dropout", "max": 0.5 } ] }"""));
        var later = s_model with
        {
            Line = 90,
            Regularization = [
            new("one.dropout", "Dropout", "0.7", "explicit") { Number = 0.7 },
            new("four.dropout", "Dropout", "0.9", "explicit") { Number = 0.9 }
        ]
        };

        var before = PolicyFindings.Of(policy.Check([s_model])).Select(finding => finding.Fingerprint).ToList();
        var after = PolicyFindings.Of(policy.Check([later])).Select(finding => finding.Fingerprint).ToList();

        Assert.Equal(before, after.Take(1));
        Assert.Equal(2, after.Distinct().Count());
    }

    [Theory]
    [InlineData("\"regularizer\": \"Dropuot\", \"forbid\": true", "(4,5): 'ours': expected a regularizer, found \"Dropuot\"; there are Dropout, ")]
    [InlineData("\"regularizer\": \"L1\"", "(4,5): 'ours': expected require, forbid, min or max, found none of them")]
    [InlineData("\"regularizer\": \"L1\", \"require\": true, \"forbid\": true", "(4,5): 'ours': expected require or forbid, found both")]
    [InlineData("\"regularizer\": \"L1\", \"min\": 1, \"forbid\": true", "(4,5): 'ours': expected forbid or a range, found both")]
    [InlineData("\"regularizer\": \"L1\", \"min\": 1, \"max\": 0.5", "(4,5): 'ours': expected min up to max, found 1 and 0.5")]
    [InlineData(
        "\"regularizer\": \"L1\", \"require\": true, \"modelKind\": \"mine\"",
        "(4,5): 'ours': expected \"declared\", \"hand-written\" or \"augmentation\" for modelKind, found \"mine\"")]
    [InlineData(
        "\"regularizer\": \"L1\", \"require\": true, \"severity\": \"hidden\"",
        "(4,5): 'ours': expected the severity error, warning or info, found hidden")]
    [InlineData("\"regularizer\": \"L1\", \"severity\": \"grave\"", "(4,")]
    [InlineData("\"regularizer\": \"L1\", \"requires\": true", "(4,")]
    [InlineData("\"regularizer\": \"L1\" \"require\": true", "(4,")]
    [InlineData("\"require\": true", "regularizer")]
    public async Task A_bad_policy_is_named_with_its_line_and_column_before_anything_is_loaded(string rule, string problem)
    {
        var policy = folder.Write("policy.json", $$"""
            {
              "version": 1,
              "rules": [ /* ä */ { "name": "fine", "regularizer": "L1", "require": true },
                { "name": "ours", {{rule}} } ]
            }
            """);

        var (code, _, errors) = await Run.SourcenetAsync("audit", folder.Write("A.csproj", ""), "--policy", policy);

        Assert.Equal(ExitCode.Usage, code);
        Assert.StartsWith($"error: {policy}(", errors, StringComparison.Ordinal);
        Assert.Contains(problem, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"version\": 2, \"rules\": [] }", "(1,1): expected a policy of version 1, found another")]
    [InlineData("{ \"version\": 1,\n \"rules\": [ null ] }", "(2,13): expected a rule, found null")]
    [InlineData("", "(1,1): ")]
    [InlineData(null, "expected a policy that can be read")]
    public void A_file_that_is_no_policy_is_named(string? text, string problem)
    {
        var path = text is null ? folder.File("none.json") : folder.Write("policy.json", text);

        var mistake = Assert.Throws<ToolException>(() => AuditPolicy.Read(path));

        Assert.StartsWith(path, mistake.Message, StringComparison.Ordinal);
        Assert.Contains(problem, mistake.Message, StringComparison.Ordinal);
    }

    private static LayerEntry Layer(string path, string kind) => new(path, kind, "", null, null, "", null);
}
