using System.Text;
using System.Text.RegularExpressions;

namespace SourceNet.Analyzers.Tests;

/// <summary>The pages in <c>docs/rules</c> say what the rules say, and their examples are what they claim to be.</summary>
public partial class DocumentationTests
{
    public static TheoryData<string> Ids => new(Rules.All.Select(rule => rule.Id));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_rule_links_to_its_page(string id)
    {
        var rule = Rules.Of(id);
        Assert.EndsWith($"/docs/rules/{id}.md", rule.HelpLinkUri);
        var page = Rules.Page(id);
        Assert.StartsWith($"# {id}: {rule.Title}\n\n{rule.DefaultSeverity}, category {rule.Category}\n", page);
        foreach (var heading in new[] { "## Why", "## Bad", "## Good", "## Configure" })
        {
            Assert.Contains($"\n{heading}\n", page);
        }

        Assert.Contains($"dotnet_diagnostic.{id}.severity", page);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task The_bad_example_has_this_one_problem_and_the_good_one_none(string id)
    {
        var analyzer = Rules.Analyzer(id);
        var bad = await Example(id, "Bad").Generated().Analyze(analyzer);
        Assert.Equal([id], bad.Select(diagnostic => diagnostic.Id));
        var good = Example(id, "Good").Generated();
        Assert.Empty(await good.Analyze(analyzer));
        Assert.Empty(good.CompilerErrors());
    }

    [Fact]
    public void No_page_is_left_of_a_rule_that_is_gone() =>
        Assert.Equal(
            Rules.All.Select(rule => rule.Id),
            Directory.GetFiles(Rules.Pages, "SN*.md").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal));

    [Fact]
    public void The_table_of_rules_is_current()
    {
        var path = Path.Combine(Rules.Pages, "README.md");
        var text = File.ReadAllText(path).ReplaceLineEndings("\n");
        var current = TablePattern().Replace(text, _ => $"<!-- rules -->\n{Table()}<!-- /rules -->");
        if (Environment.GetEnvironmentVariable("SOURCENET_ACCEPT") == "1")
        {
            File.WriteAllText(path, current);
            return;
        }

        Assert.Equal(current, text);
    }

    /// <summary>An example with its policy file, where it has one.</summary>
    private static Sources Example(string id, string heading)
    {
        var sources = Sources.Of(Rules.Example(id, heading));
        var policy = Regex.Match(Rules.Page(id), $"\n## {heading}\n\n```json\n(.*?)```", RegexOptions.Singleline);
        return policy.Success ? sources.WithFile("sourcenet.policy.json", policy.Groups[1].Value) : sources;
    }

    private static string Table()
    {
        var table = new StringBuilder("| id | severity | what it finds |\n|---|---|---|\n");
        foreach (var rule in Rules.All)
        {
            table.Append($"| [{rule.Id}]({rule.Id}.md) | {rule.DefaultSeverity} | {rule.Title} |\n");
        }

        return table.ToString();
    }

    [GeneratedRegex("<!-- rules -->.*<!-- /rules -->", RegexOptions.Singleline)]
    private static partial Regex TablePattern();
}
