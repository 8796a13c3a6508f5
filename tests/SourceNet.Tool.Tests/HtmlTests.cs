using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using SourceNet.Tool.Findings;
using SourceNet.Tool.Formats;
using SourceNet.Tool.Inventory;

namespace SourceNet.Tool.Tests;

public sealed class HtmlTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void It_cannot_be_broken_by_what_it_shows_and_loads_nothing()
    {
        var html = Html();

        Assert.Contains("a &lt;script&gt; &amp; &quot;b&quot;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(new Regex("src=|@import|url\\(|<link", RegexOptions.IgnoreCase), html);
        Assert.Contains("<td>no: libtorch&#39;s own is as fast</td>", html, StringComparison.Ordinal);
        Assert.Contains("1 new finding that fails, 1 below, 1 known, 1 suppressed", html, StringComparison.Ordinal);
    }

    /// <summary>In a browser: <c>SOURCENET_CHROMIUM=chromium</c>.</summary>
    [ChromiumFact]
    public async Task A_browser_shows_all_of_it()
    {
        var page = folder.Write("audit.html", Html());
        using var browser = Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("SOURCENET_CHROMIUM")!, [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--dump-dom",
            new Uri(page).AbsoluteUri
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = browser.StandardError.ReadToEndAsync();
        var seen = await browser.StandardOutput.ReadToEndAsync();
        await browser.WaitForExitAsync();
        await errors;

        Assert.Equal(0, browser.ExitCode);
        // What a browser reads and writes again is what was written, so every element is closed where it should be.
        Assert.Equal(Elements(Html()), Elements(seen).Where(name => name is not ("tbody" or "/tbody")));
        Assert.Contains("a &lt;script&gt; &amp; \"b\"", seen, StringComparison.Ordinal);
    }

    private static List<string> Elements(string html) =>
        [.. Regex.Matches(html, "<(/?[a-z0-9]+)").Select(match => match.Groups[1].Value).SkipWhile(name => name != "body")];

    private static string Html()
    {
        ModelEntry[] models = [new(
            "Demo.Net<T>",
            "declared",
            "Net.cs",
            3,
            true,
            "[4]",
            "[2]",
            "10",
            [new("hidden.linear", "Linear", "4 -> 2", "[2]", "10", "", "libtorch's own is as fast")],
            [new("hidden.dropout", "Dropout", "0.3", "explicit")],
            [new("weights", "8")])];
        Finding[] findings = [
            Finding("a", Severity.Warning),
            Finding("b", Severity.Info),
            Finding("c", Severity.Error),
            Finding("d", Severity.Error) with { Suppression = "because < and >" }
        ];
        return Encoding.UTF8.GetString(
            HtmlFormat.Of(new(1, "1.0.0", "Demo & Co.sln", ["Demo"], models, AuditReport.Flatten(models), findings, ["a", "b"], [], []), Severity.Warning));
    }

    private static Finding Finding(string fingerprint, Severity severity) =>
        new("SN1001", severity, "a <script> & \"b\"", "a b.cs", 3, 5, 3, 9, "Demo.Net", "x < y;", ["Demo"], null, fingerprint);

    private sealed class ChromiumFactAttribute : FactAttribute
    {
        public ChromiumFactAttribute() =>
            Skip = Environment.GetEnvironmentVariable("SOURCENET_CHROMIUM") is { Length: > 0 } ? null : "SOURCENET_CHROMIUM=chromium runs it.";
    }
}
