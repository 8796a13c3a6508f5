using System.Text;
using System.Text.Json;

namespace SourceNet.Tool.Policies;

/// <summary>Finds the place of a rule in the text of a policy, for mistakes that the reader of JSON does not see.</summary>
internal static class JsonPlace
{
    /// <summary>Line and column, from 1, of the rule's first character.</summary>
    public static (int Line, int Column) OfRule(ReadOnlySpan<byte> text, int index)
    {
        var bom = Encoding.UTF8.Preamble;
        var reader = new Utf8JsonReader(
            text.StartsWith(bom) ? text[bom.Length..] : text,
            new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && reader.ValueTextEquals("rules"))
            {
                reader.Read();
                for (var rule = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; rule++)
                {
                    if (rule == index)
                    {
                        var before = text[..(int)reader.TokenStartIndex];
                        return (before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1);
                    }

                    reader.Skip();
                }
            }
        }

        return (1, 1);
    }
}
