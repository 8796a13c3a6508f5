using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using SourceNet.Modeling.Strategy;
using SourceNet.Modeling.Strategy.Json;

namespace SourceNet.Analyzers.Strategy;

/// <summary>The policy of a compilation: its policy file's, or the guide's where it has none.</summary>
/// <param name="Policy">Null if there is a file that cannot be read.</param>
internal sealed record PolicyFile(StrategyTable? Policy, IReadOnlyList<Diagnostic> Errors)
{
    public static PolicyFile Of(AnalyzerOptions options, CancellationToken cancellation)
    {
        var files = options.AdditionalFiles.Where(IsPolicy).OrderBy(file => file.Path, StringComparer.Ordinal).ToList();
        if (files.Count == 0)
        {
            return new PolicyFile(StrategyTable.Guide, []);
        }

        if (files.Count > 1)
        {
            return new PolicyFile(null, [Error(files[1], $"expected one policy file, found {Path(files[0])} too", default)]);
        }

        var text = files[0].GetText(cancellation)?.ToString() ?? "";
        var (policy, errors) = PolicyReader.Read(text, Path(files[0]));
        return new PolicyFile(policy, errors.Select(error => Error(files[0], error.Message, error.Place)).ToList());
    }

    private static bool IsPolicy(AdditionalText file) =>
        Path(file).Equals("sourcenet.policy.json", StringComparison.OrdinalIgnoreCase)
            || file.Path.EndsWith(".sourcenet-policy.json", StringComparison.OrdinalIgnoreCase);

    private static string Path(AdditionalText file) => file.Path.Substring(file.Path.LastIndexOfAny(['/', '\\']) + 1);

    private static Diagnostic Error(AdditionalText file, string message, JsonPlace place)
    {
        var lines = file.GetText()?.Lines;
        var at = new LinePosition(place.Line, place.Column);
        var start = lines is not null && place.Line < lines.Count ? Math.Min(lines[place.Line].Start + place.Column, lines[place.Line].End) : 0;
        return Diagnostic.Create(StrategyRules.PolicyFile, Location.Create(file.Path, new TextSpan(start, 0), new LinePositionSpan(at, at)), message);
    }
}
