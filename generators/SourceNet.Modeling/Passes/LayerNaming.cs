using System.Globalization;
using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Passes;

/// <summary>Names layers by their role, numbered where a block has several of it: <c>conv1</c>, <c>norm1</c>, <c>conv2</c>, <c>norm2</c>.</summary>
internal static class LayerNaming
{
    public static IReadOnlyList<string> Names(IReadOnlyList<Layer> layers)
    {
        var totals = layers.Where(layer => layer.Name is null).GroupBy(layer => layer.Role).ToDictionary(group => group.Key, group => group.Count());
        var counts = new Dictionary<string, int>();
        var names = new List<string>();
        foreach (var layer in layers)
        {
            if (layer.Name is { } name)
            {
                names.Add(name);
                continue;
            }

            if (totals[layer.Role] == 1)
            {
                names.Add(layer.Role);
                continue;
            }

            var count = counts.TryGetValue(layer.Role, out var before) ? before + 1 : 1;
            counts[layer.Role] = count;
            var role = layer.Role.Length == 0 ? "stack" : layer.Role;
            names.Add(role + count.ToString(CultureInfo.InvariantCulture));
        }

        return names;
    }

    public static string Join(string prefix, string name) => prefix.Length == 0 ? name : name.Length == 0 ? prefix : $"{prefix}.{name}";
}
