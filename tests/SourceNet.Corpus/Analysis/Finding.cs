namespace SourceNet.Corpus.Analysis;

/// <summary>What a rule says about a place.</summary>
/// <param name="Rule">Its id.</param>
/// <param name="Severity">The severity that the rule has by default.</param>
/// <param name="File">Relative to the tree, with slashes.</param>
/// <param name="Line">From 1.</param>
/// <param name="Message">As a user reads it.</param>
/// <param name="Source">The line itself, trimmed.</param>
internal sealed record Finding(string Rule, string Severity, string File, int Line, string Message, string Source);
