namespace SourceNet.Analyzers;

/// <summary>Where the rules are documented.</summary>
internal static class RuleDocumentation
{
    private const string Pages = "https://github.com/sourcenet/sourcenet/blob/main/docs/rules/";

    /// <summary>The page of a rule.</summary>
    public static string Link(string id) => $"{Pages}{id}.md";
}
