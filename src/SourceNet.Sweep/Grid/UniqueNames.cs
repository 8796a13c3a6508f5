using System.Text.Json;

namespace SourceNet.Sweep.Grid;

/// <summary>Finds names that an object of JSON has twice, of which a reader would keep the last value without a word.</summary>
internal static class UniqueNames
{
    /// <summary>The first such name; null for none.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static string? Repeated(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(
            json.StartsWith("\uFEFF"u8) ? json[3..] : json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var names = new Stack<HashSet<string>>();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                names.Push(new(StringComparer.Ordinal));
            }
            else if (reader.TokenType == JsonTokenType.EndObject)
            {
                names.Pop();
            }
            else if (reader.TokenType == JsonTokenType.PropertyName && reader.GetString() is { } name && !names.Peek().Add(name))
            {
                return name;
            }
        }

        return null;
    }
}
