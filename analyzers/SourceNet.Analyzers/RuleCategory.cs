namespace SourceNet.Analyzers;

/// <summary>The families of rules, as <c>dotnet_analyzer_diagnostic.category-SourceNet.Mode.severity</c> names them.</summary>
internal static class RuleCategory
{
    public const string Mode = "SourceNet.Mode";
    public const string Optimizers = "SourceNet.Optimizers";
    public const string Data = "SourceNet.Data";
    public const string Authoring = "SourceNet.Authoring";
    public const string Architecture = "SourceNet.Architecture";
    public const string Strategy = "SourceNet.Strategy";
}
