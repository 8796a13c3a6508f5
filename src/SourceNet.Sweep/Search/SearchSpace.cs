using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SourceNet.Sweep.Grid;
using SourceNet.Training;

namespace SourceNet.Sweep.Search;

/// <summary>The ranges of all parameters that are searched, in the order of their names: that of the file changes nothing.</summary>
internal sealed class SearchSpace
{
    /// <exception cref="SweepException">A range says something that cannot be.</exception>
    public SearchSpace(IReadOnlyDictionary<string, JsonElement> ranges) =>
        Ranges = [.. ranges.OrderBy(range => range.Key, StringComparer.Ordinal).Select(range => (range.Key, RangeReader.Read(range.Key, range.Value)))];

    public IReadOnlyList<(string Name, SearchRange Range)> Ranges { get; }

    /// <summary>
    /// A setting that depends on the seed and its number alone, and each of its values on the parameter's name: one that is added changes no other.
    /// </summary>
    public Dictionary<string, JsonElement> Draw(long seed, int number)
    {
        var setting = new Dictionary<string, JsonElement>();
        foreach (var (name, range) in Ranges)
        {
            var random = Random(seed, number, name);
            setting.Add(name, range.Draw(ref random));
        }

        return setting;
    }

    /// <summary>Random numbers for one purpose.</summary>
    public static RandomStream Random(long seed, int number, string purpose) =>
        new(BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}\n{number}\n{purpose}")))));

    /// <summary>A setting as a text, the same for the same values.</summary>
    public string Text(IReadOnlyDictionary<string, JsonElement> setting) =>
        string.Join('\n', Ranges.Select(range => PlannedTrial.Canonical(setting[range.Name])));
}
