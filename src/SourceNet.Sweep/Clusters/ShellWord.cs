namespace SourceNet.Sweep.Clusters;

/// <summary>A word of the shell in which nothing stands for anything else.</summary>
internal static class ShellWord
{
    /// <summary>The word in quotation marks.</summary>
    public static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The word as people write it: in quotation marks where it needs them.</summary>
    public static string Of(string text) =>
        text.Length > 0 && text.All(character => char.IsAsciiLetterOrDigit(character) || "-_./:=,+".Contains(character, StringComparison.Ordinal))
        ? text
        : Quoted(text);
}
