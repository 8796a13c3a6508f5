using System.Text.RegularExpressions;

namespace SourceNet.Analyzers.Data;

/// <summary>The words that a name is made of.</summary>
internal static class NameWords
{
    private static readonly Regex s_word = new("[A-Z]?[a-z]+|[A-Z]+(?![a-z])");

    /// <summary><c>testLoader</c> and <c>test_loader</c> are "test" and "loader".</summary>
    public static IEnumerable<string> Of(string? name) => s_word.Matches(name ?? "").Cast<Match>().Select(word => word.Value.ToLowerInvariant());
}
