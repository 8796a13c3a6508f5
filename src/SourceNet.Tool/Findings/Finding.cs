namespace SourceNet.Tool.Findings;

/// <summary>What a rule says about a place.</summary>
/// <param name="Rule">The rule: <c>SN1001</c>.</param>
/// <param name="Severity">How much it weighs, after the project's configuration.</param>
/// <param name="Message">What is wrong, what it does to the model, what to write instead.</param>
/// <param name="Path">The file, relative to the root, with <c>/</c>; empty for a finding without a place.</param>
/// <param name="Line">The first line, from 1.</param>
/// <param name="Column">The first column, from 1.</param>
/// <param name="EndLine">The last line.</param>
/// <param name="EndColumn">The column behind the last character.</param>
/// <param name="Member">The member around it: <c>Demo.Net.forward</c>.</param>
/// <param name="Code">The first line of the code, without the space around it.</param>
/// <param name="Projects">Where it was found: several projects, or several target frameworks of one.</param>
/// <param name="Suppression">Why it is suppressed, empty if no reason is given; null if it is not suppressed.</param>
/// <param name="Fingerprint">The same for the same mistake after the code around it moved or changed.</param>
internal sealed record Finding(
    string Rule, Severity Severity, string Message, string Path, int Line, int Column, int EndLine, int EndColumn, string Member, string Code,
    IReadOnlyList<string> Projects, string? Suppression, string Fingerprint)
{
    /// <summary>Whether somebody has to look at it.</summary>
    public bool IsActive => Suppression is null;
}
