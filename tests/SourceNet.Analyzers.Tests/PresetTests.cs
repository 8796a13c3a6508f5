using System.Text;
using Microsoft.CodeAnalysis;

namespace SourceNet.Analyzers.Tests;

/// <summary>The files that <c>SourceNetRules</c> chooses from say what the rules say.</summary>
public class PresetTests
{
    private static readonly Dictionary<string, (string Meaning, Func<DiagnosticSeverity, DiagnosticSeverity> Severity)> s_presets = new()
    {
        ["default"] = (
            "Every rule has the severity of its own. Nothing is set, because some rules report at a lower one where they are less sure.",
            severity => severity),
        ["strict"] = ("Warnings are errors, info is a warning.", severity => severity switch
        {
            DiagnosticSeverity.Warning => DiagnosticSeverity.Error,
            DiagnosticSeverity.Info => DiagnosticSeverity.Warning,
            _ => severity,
        }),
        ["audit"] = ("Everything is at least a warning.", severity => severity == DiagnosticSeverity.Error ? severity : DiagnosticSeverity.Warning),
    };

    public static TheoryData<string> Names => new(s_presets.Keys);

    /// <summary>With SOURCENET_ACCEPT=1 it writes the file instead.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_file_of_a_preset_is_current(string name)
    {
        var path = Path.Combine(Folder, $"SourceNet.Analyzers.{name}.globalconfig");
        if (Environment.GetEnvironmentVariable("SOURCENET_ACCEPT") == "1")
        {
            File.WriteAllText(path, Text(name));
            return;
        }

        Assert.Equal(Text(name), File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void There_is_no_other_preset() =>
        Assert.Equal(s_presets.Keys.Order(), Directory.GetFiles(Folder, "*.globalconfig").Select(path => Path.GetFileName(path).Split('.')[2]).Order());

    /// <summary>The compiler reads it as it is meant.</summary>
    [Theory]
    [InlineData("default", DiagnosticSeverity.Warning, null)]
    [InlineData("strict", DiagnosticSeverity.Warning, ReportDiagnostic.Error)]
    [InlineData("strict", DiagnosticSeverity.Info, ReportDiagnostic.Warn)]
    [InlineData("strict", DiagnosticSeverity.Hidden, null)]
    [InlineData("strict", DiagnosticSeverity.Error, null)]
    [InlineData("audit", DiagnosticSeverity.Warning, ReportDiagnostic.Warn)]
    [InlineData("audit", DiagnosticSeverity.Info, ReportDiagnostic.Warn)]
    [InlineData("audit", DiagnosticSeverity.Hidden, ReportDiagnostic.Warn)]
    [InlineData("audit", DiagnosticSeverity.Error, null)]
    public void A_preset_sets_the_severity(string name, DiagnosticSeverity severity, ReportDiagnostic? expected)
    {
        var config = AnalyzerConfig.Parse(
            File.ReadAllText(Path.Combine(Folder, $"SourceNet.Analyzers.{name}.globalconfig")),
            Path.Combine(Folder, "preset.globalconfig"));
        var options = AnalyzerConfigSet.Create(new[] { config }).GlobalConfigOptions.TreeOptions;

        Assert.All(
            Rules.All.Where(rule => rule.DefaultSeverity == severity),
            rule => Assert.Equal(expected, options.TryGetValue(rule.Id, out var set) ? set : null));
    }

    private static string Folder { get; } = Path.Combine(Repository.Root, "analyzers", "SourceNet.Analyzers", "build");

    private static string Text(string name)
    {
        var (meaning, severity) = s_presets[name];
        var text = new StringBuilder($"""
            # {meaning}
            # Written from the rules: run the tests of SourceNet.Analyzers with SOURCENET_ACCEPT=1 after changing one.
            is_global = true
            # Below every file of the user.
            global_level = -1

            """.ReplaceLineEndings("\n"));
        foreach (
            var rule in Rules.All.Where(
                rule => name == "audit" ? rule.DefaultSeverity != DiagnosticSeverity.Error : severity(rule.DefaultSeverity) != rule.DefaultSeverity))
        {
            text.Append($"\n# {rule.Title}\ndotnet_diagnostic.{rule.Id}.severity = {Word(severity(rule.DefaultSeverity))}\n");
        }

        return text.ToString();
    }

    private static string Word(DiagnosticSeverity severity) => severity == DiagnosticSeverity.Error ? "error" : "warning";
}
