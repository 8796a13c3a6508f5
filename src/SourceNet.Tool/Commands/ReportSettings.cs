using SourceNet.Tool.Findings;

namespace SourceNet.Tool.Commands;

/// <summary>How findings are shown and judged.</summary>
/// <param name="FailOn">The least severity that fails; null for none.</param>
/// <param name="Outputs">The files to write, by format.</param>
/// <param name="Baseline">The findings that are known.</param>
/// <param name="WriteBaseline">Where to write those of now.</param>
internal sealed record ReportSettings(Severity? FailOn, IReadOnlyDictionary<string, string> Outputs, string? Baseline, string? WriteBaseline);
