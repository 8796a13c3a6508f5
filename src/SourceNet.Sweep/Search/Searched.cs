using System.Text.Json;
using SourceNet.Sweep.Grid;

namespace SourceNet.Sweep.Search;

/// <summary>What is searched, and what stays as the file has it.</summary>
internal static class Searched
{
    /// <summary>The values of all parameters.</summary>
    public static Setting Setting(SweepFile sweep, IReadOnlyDictionary<string, JsonElement> searched)
    {
        var parameters = new Dictionary<string, JsonElement>(sweep.Parameters);
        foreach (var (name, value) in searched)
        {
            parameters[name] = value;
        }

        return new(0, parameters);
    }
}
