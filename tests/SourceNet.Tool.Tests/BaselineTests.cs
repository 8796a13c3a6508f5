using SourceNet.Tool.Baselines;
using SourceNet.Tool.Findings;

namespace SourceNet.Tool.Tests;

public class BaselineTests
{
    private static readonly DateOnly s_today = new(2026, 11, 22);

    [Fact]
    public void A_finding_is_recognized_after_the_code_around_it_moved()
    {
        Assert.Equal(
            new Fingerprints().Next("SN1001", "a.cs", "Net.Run", "net.call(x);"),
            new Fingerprints().Next("SN1001", "a.cs", "Net.Run", "  net.call( x );"));
        Assert.NotEqual(
            new Fingerprints().Next("SN1001", "a.cs", "Net.Run", "net.call(x);"),
            new Fingerprints().Next("SN1001", "a.cs", "Net.Other", "net.call(x);"));
        Assert.NotEqual(
            new Fingerprints().Next("SN1001", "a.cs", "Net.Run", "net.call(x);"),
            new Fingerprints().Next("SN1002", "a.cs", "Net.Run", "net.call(x);"));
    }

    [Fact]
    public void Equal_lines_are_counted()
    {
        var fingerprints = new Fingerprints();

        Assert.NotEqual(fingerprints.Next("SN1001", "a.cs", "Net.Run", "net.call(x);"), fingerprints.Next("SN1001", "a.cs", "Net.Run", "net.call(x);"));
    }

    [Fact]
    public void What_is_not_in_it_is_new_and_what_is_found_no_more_is_absent()
    {
        var baseline = Baseline.Of([Finding("a"), Finding("b"), Finding("hidden") with { Severity = Severity.Hidden }], before: null);

        var (fresh, absent, expired) = baseline.Compare([Finding("b"), Finding("c"), Finding("d") with { Suppression = "" }], s_today);

        Assert.Equal(["c"], fresh.Select(finding => finding.Fingerprint));
        Assert.Equal(["a"], absent.Select(entry => entry.Fingerprint));
        Assert.Empty(expired);
    }

    [Theory]
    [InlineData("2026-11-21", true)]
    [InlineData("2026-11-22", false)]
    public void An_entry_counts_until_the_day_that_it_names(string day, bool isNew)
    {
        var baseline = new Baseline(
            1,
            [new("a", "SN1001", "a.cs", "Net", "", "later", DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture))]);

        var (fresh, _, expired) = baseline.Compare([Finding("a")], s_today);

        Assert.Equal((isNew, isNew), (fresh.Count == 1, expired.Count == 1));
    }

    [Fact]
    public void What_was_noted_about_an_entry_stays_when_it_is_written_anew()
    {
        var before = new Baseline(1, [new("a", "SN1001", "a.cs", "Net", "", "we average over passes", new DateOnly(2027, 1, 1))]);

        var entry = Assert.Single(Baseline.Of([Finding("a")], before).Findings);

        Assert.Equal(("we average over passes", new DateOnly(2027, 1, 1)), (entry.Justification, entry.Expires));
    }

    private static Finding Finding(string fingerprint) => new("SN1001", Severity.Warning, "", "a.cs", 1, 1, 1, 1, "Net", "", [], null, fingerprint);
}
