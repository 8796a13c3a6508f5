namespace SourceNet.Tool.Findings;

/// <summary>How much a finding weighs, the least first.</summary>
internal enum Severity
{
    Hidden,
    Info,
    Warning,
    Error,
}
