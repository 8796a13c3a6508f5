using System.Text;

namespace SourceNet.Training;

/// <summary>Numbers that are not finite, which JSON has as texts and Python writes bare.</summary>
internal static class BareNumbers
{
    private static readonly string[] s_bare = ["-Infinity", "Infinity", "NaN"];

    /// <summary>The same JSON with bare numbers that JSON does not have as texts.</summary>
    internal static byte[] Quoted(byte[] json)
    {
        var text = Encoding.UTF8.GetString(json);
        var result = new StringBuilder(text.Length);
        var isText = false;
        for (var place = 0; place < text.Length; place++)
        {
            if (!isText && Array.Find(s_bare, bare => string.CompareOrdinal(text, place, bare, 0, bare.Length) == 0) is { } found)
            {
                result.Append('"').Append(found).Append('"');
                place += found.Length - 1;
                continue;
            }

            result.Append(text[place]);
            if (isText && text[place] == '\\' && place + 1 < text.Length)
            {
                result.Append(text[++place]);
            }
            else if (text[place] == '"')
            {
                isText = !isText;
            }
        }

        return Encoding.UTF8.GetBytes(result.ToString());
    }
}
