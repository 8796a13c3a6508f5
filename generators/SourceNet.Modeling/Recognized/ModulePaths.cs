using System.Globalization;
using Microsoft.CodeAnalysis;

namespace SourceNet.Modeling.Recognized;

/// <summary>The paths of modules in the state_dict, from the members and lists that hold them.</summary>
internal sealed class ModulePaths(Interpreter interpreter)
{
    private readonly Dictionary<int, string> _paths = [];
    private readonly ILookup<int, (ISymbol Member, Value Value)> _members = interpreter.Members();

    public string Of(int module) => _paths.TryGetValue(module, out var path) ? path : "";

    /// <summary>The path of the module whose forward writes a node, which the node names by number.</summary>
    public string OfOwner(string owner) => owner.Length == 0 ? "" : _paths.TryGetValue(int.Parse(owner.Substring(1), CultureInfo.InvariantCulture), out var path) && path.Length > 0 ? path : "?";

    public void Walk(Value value, string path)
    {
        switch (value)
        {
            case Value.Maybe maybe:
                Walk(maybe.Inner, path);
                break;
            case Value.OneOf choice:
                foreach (var module in choice.Modules)
                {
                    Walk(module, path);
                }

                break;
            case Value.LayerModule layer:
                Name(layer.Id, path);
                break;
            case Value.OpaqueModule opaque:
                Name(opaque.Id, path);
                break;
            case Value.Sequence sequence when Name(sequence.Id, path):
                WalkItems(sequence.Id, path);
                break;
            case Value.List list when Name(list.Id, path):
                WalkItems(list.Id, path);
                break;
            case Value.Instance instance when Name(instance.Id, path):
                foreach (var (name, module) in interpreter.RegisteredIn(instance.Id))
                {
                    Walk(module, Join(path, name));
                }

                foreach (var (member, held) in _members[instance.Id])
                {
                    Walk(held, Join(path, member.Name));
                }

                break;
        }
    }

    private void WalkItems(int list, string path)
    {
        var items = interpreter.ItemsOf(list).All;
        for (var i = 0; i < items.Length; i++)
        {
            Walk(items[i].Value, Join(path, items[i].Name ?? i.ToString(CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>The first name that is found is the one. Returns whether it is new.</summary>
    private bool Name(int id, string path)
    {
        if (_paths.ContainsKey(id))
        {
            return false;
        }

        _paths[id] = path;
        return true;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
