using System.IO.Enumeration;

namespace SourceNet.Tool.Policies;

/// <summary>Patterns in which <c>*</c> stands for any text and <c>?</c> for one character; capital letters matter.</summary>
internal static class Glob
{
    // A file has a name; here a text may be empty, which the library does not take for any.
    public static bool IsMatch(string pattern, string text) => pattern == "*" || FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);
}
