using System.Text.RegularExpressions;

namespace SourceNet.Analyzers.Tests;

/// <summary>Sources that say where diagnostics are expected: <c>{|SN6007:Linear(0)|}</c>.</summary>
internal static partial class Marked
{
    /// <summary>The source without its marks, and what they expect.</summary>
    public static (string Source, IReadOnlyList<(string Id, int Start, int Length)> Marks) Read(string marked)
    {
        var marks = new List<(string, int, int)>();
        var source = marked;
        for (var match = Mark().Match(source); match.Success; match = Mark().Match(source))
        {
            marks.Add((match.Groups[1].Value, match.Index, match.Groups[2].Length));
            source = source.Remove(match.Index, match.Length).Insert(match.Index, match.Groups[2].Value);
        }

        return (source, marks);
    }

    [GeneratedRegex(@"\{\|(SN\d{4}):(.*?)\|\}", RegexOptions.Singleline)]
    private static partial Regex Mark();
}
