using System.Text;

namespace SourceNet.Modeling;

/// <summary>How names are spelled in state_dicts and generated fields.</summary>
public static class Naming
{
    /// <summary><c>MaxNorm</c> as <c>max_norm</c>, <c>RDrop</c> as <c>r_drop</c>.</summary>
    public static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = char.IsUpper(name[i]) && i > 0 && name[i - 1] != '_'
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            text.Append(startsWord ? "_" : "").Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString().Trim('_');
    }
}
