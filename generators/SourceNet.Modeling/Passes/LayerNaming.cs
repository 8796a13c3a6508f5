using System.Globalization;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Modeling.Passes;

/// <summary>
/// Names layers by their role, numbered where a block has several of it: <c>conv1</c>, <c>norm1</c>, <c>conv2</c>, <c>norm2</c>.
/// A stack that has its block to itself takes the block's name; one with layers beside it cannot, because it would have to contain them.
/// </summary>
internal static class LayerNaming
{
    public static IReadOnlyList<string> Names(IReadOnlyList<Layer> layers, string block)
    {
        if (layers.Count == 1 && block.Length > 0 && layers[0] is { Name: null, Role: "" })
        {
            return [""];
        }

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

            var role = layer.Role.Length == 0 ? "stack" : layer.Role;
            if (totals[layer.Role] == 1)
            {
                names.Add(role);
                continue;
            }

            var count = counts.TryGetValue(layer.Role, out var before) ? before + 1 : 1;
            counts[layer.Role] = count;
            names.Add(role + count.ToString(CultureInfo.InvariantCulture));
        }

        return names;
    }

    public static string Join(string prefix, string name) => prefix.Length == 0 ? name : name.Length == 0 ? prefix : $"{prefix}.{name}";
}
