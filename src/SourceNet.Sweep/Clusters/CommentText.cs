namespace SourceNet.Sweep.Clusters;

/// <summary>Text in a comment of a script: a line break in it would begin a line that is run.</summary>
internal static class CommentText
{
    public static string Of(string text) => string.Concat(text.Select(character => char.IsControl(character) ? '?' : character));
}
