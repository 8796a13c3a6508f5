namespace SourceNet.Tool.Commands;

/// <summary>What the command line asks of an audit.</summary>
/// <param name="Path">A solution, a project, or a folder with one.</param>
/// <param name="Configuration">The build's configuration.</param>
/// <param name="Policy">What the team asks of its models.</param>
/// <param name="Report">How the result is shown and judged.</param>
internal sealed record AuditSettings(string Path, string Configuration, string? Policy, ReportSettings Report);
