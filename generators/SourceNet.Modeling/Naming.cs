using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace SourceNet.Modeling;

/// <summary>How names are spelled in state_dicts and generated fields.</summary>
public static class Naming
{
    /// <summary>A name, or a member of one, as C# takes it: <c>class</c> as <c>@class</c>, <c>base.Dim</c> as <c>@base.Dim</c>.</summary>
    public static string EscapeKeyword(string name) => name.IndexOf('.') >= 0
        ? string.Join(".", name.Split('.').Select(EscapeKeyword))
        : SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

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
