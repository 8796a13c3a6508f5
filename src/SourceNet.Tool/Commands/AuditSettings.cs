using SourceNet.Tool.Findings;

namespace SourceNet.Tool.Commands;

/// <summary>What the command line asks of an audit.</summary>
/// <param name="Path">A solution, a project, or a folder with one.</param>
/// <param name="Configuration">The build's configuration.</param>
/// <param name="FailOn">The least severity that fails; null for none.</param>
/// <param name="Outputs">The files to write, by format.</param>
/// <param name="Baseline">The findings that are known.</param>
/// <param name="WriteBaseline">Where to write those of now.</param>
internal sealed record AuditSettings(string Path, string Configuration, Severity? FailOn, IReadOnlyDictionary<string, string> Outputs, string? Baseline, string? WriteBaseline);
