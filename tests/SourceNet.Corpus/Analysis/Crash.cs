namespace SourceNet.Corpus.Analysis;

/// <summary>An exception in one of our components.</summary>
internal sealed record Crash(string Component, string Project, string Exception);
