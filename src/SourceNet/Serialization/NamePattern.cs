using System.Text.RegularExpressions;

namespace SourceNet;

/// <summary>A name in which <c>*</c> stands for any text.</summary>
internal sealed class NamePattern(string text)
{
    private readonly Regex expression = new($"^{Regex.Escape(text).Replace(@"\*", "(.*?)", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant);

    internal string Text => text;

    internal bool Fits(string name) => expression.IsMatch(name);

    /// <param name="name">The name.</param>
    /// <param name="to">What it becomes, with at most as many * as the pattern.</param>
    /// <summary>A name with what each <c>*</c> stood for; null if the pattern does not fit.</summary>
    internal string? Rename(string name, string to)
    {
        var match = expression.Match(name);
        if (!match.Success)
        {
            return null;
        }

        var group = 1;
        return string.Concat(to.Split('*').Select((part, index) => index == 0 ? part : match.Groups[group++].Value + part));
    }
}
