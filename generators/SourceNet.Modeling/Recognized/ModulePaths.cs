using System.Globalization;
using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Recognized;

/// <summary>The modules that a model holds, with their paths in the state_dict, found through the members and lists that hold them.</summary>
/// <param name="interpreter">What read the code.</param>
/// <param name="models">The declared models in it.</param>
internal sealed class ModulePaths(Interpreter interpreter, IDeclaredModels models)
{
    private readonly Dictionary<int, string> _paths = [];
    private readonly ILookup<int, (ISymbol Member, Value Value)> _members = interpreter.Members();
    private readonly List<PlacedLayer> _layers = [];
    private readonly List<string> _opaque = [];

    /// <summary>The layers, each once.</summary>
    public IReadOnlyList<PlacedLayer> Layers => _layers;

    /// <summary>The paths behind which anything may be.</summary>
    public IReadOnlyList<string> Opaque => _opaque;

    /// <summary>What differs between the modes of the declared models inside, whose weights may be made at random.</summary>
    public ModeEffect InsideMode { get; private set; } = ModeEffect.Same;

    /// <summary>Whether each layer stands for one.</summary>
    public bool IsCounted { get; private set; } = true;

    public string Of(int module) => _paths.TryGetValue(module, out var path) ? path : "";

    /// <summary>The path of the module whose forward writes a node, which the node names by number.</summary>
    public string OfOwner(string owner) =>
        owner.Length == 0 ? "" : _paths.TryGetValue(int.Parse(owner.Substring(1), CultureInfo.InvariantCulture), out var path) && path.Length > 0 ? path : "?";

    /// <summary>Walks a model of which all members are parts.</summary>
    public void Walk(Value value) => Walk(value, "", null);

    /// <summary>Walks the parts of a declared model, which have names of their own.</summary>
    public void Walk(Value.Instance instance, IEnumerable<HandWrittenPart> parts)
    {
        foreach (var part in parts.Where(part => part.HoldsModules))
        {
            var held = _members[instance.Id].Where(pair => pair.Member.Name == part.Member.TrimStart('@')).Select(pair => pair.Value).FirstOrDefault()
                ?? Value.Unknown;
            Walk(held, part.StateName, part.Shape);
        }
    }

    /// <param name="value">What is held.</param>
    /// <param name="path">Its path.</param>
    /// <param name="shape">How its type says that it holds modules, where that is known.</param>
    private void Walk(Value value, string path, PartShape? shape)
    {
        switch (value)
        {
            case Value.Null:
                break;
            case Value.Maybe maybe:
                IsCounted = false;
                Walk(maybe.Inner, path, shape);
                break;
            case Value.OneOf choice:
                IsCounted = false;
                foreach (var module in choice.Modules)
                {
                    Walk(module, path, shape);
                }

                break;
            case Value.LayerModule layer when Name(layer.Id, path):
                _layers.Add(
                    new PlacedLayer(layer.Layer, "", path, layer.Layer.InputFor(Shape.Unknown, layer.InSize), Shape.Unknown, layer.HasBias != false, null));
                break;
            case Value.OpaqueModule opaque when Name(opaque.Id, path):
                _opaque.Add(path);
                break;
            case Value.Sequence sequence when Name(sequence.Id, path):
                WalkItems(sequence.Id, path, shape);
                break;
            case Value.List list when Name(list.Id, path):
                WalkItems(list.Id, path, shape);
                break;
            case Value.Tuple tuple:
                for (var i = 0; i < tuple.Items.Length; i++)
                {
                    var element = shape is PartShape.Tuple { Elements: var elements } && elements.Count == tuple.Items.Length ? elements[i] : null;
                    Walk(tuple.Items[i], Join(path, element?.Name ?? i.ToString(CultureInfo.InvariantCulture)), element?.Shape);
                }

                break;
            case Value.Instance instance when Name(instance.Id, path):
                WalkMembers(instance, path);
                break;
            case Value.LayerModule or Value.OpaqueModule or Value.Sequence or Value.List or Value.Instance:
                break;
            default:
                if (shape is not null)
                {
                    _opaque.Add(path);
                }

                break;
        }
    }

    private void WalkMembers(Value.Instance instance, string path)
    {
        if (models.IsDeclared(instance.Type))
        {
            // Its fields are generated, its graph knows its layers.
            var graph = models.GraphOf(instance.Type);
            InsideMode = ModeEffect.All([InsideMode, graph?.Mode ?? ModeEffect.Unknown]);
            _layers.AddRange(graph?.Layers.Select(layer => layer with { Path = Join(path, layer.Path), IsOfModelInside = true }) ?? []);
            _opaque.AddRange(graph?.OpaqueParts.Select(opaque => Join(path, opaque)) ?? [path]);
            return;
        }

        foreach (var (name, module) in interpreter.RegisteredIn(instance.Id))
        {
            Walk(module, Join(path, name), null);
        }

        foreach (var (member, held) in _members[instance.Id])
        {
            if (held is Value.UnknownValue && TorchTypes.CarriesModules((member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type))
            {
                _opaque.Add(Join(path, member.Name));
            }

            Walk(held, Join(path, member.Name), null);
        }
    }

    private void WalkItems(int list, string path, PartShape? shape)
    {
        var items = interpreter.ItemsOf(list);
        IsCounted &= items.All.All(item => item.IsCertain);
        for (var i = 0; i < items.All.Length; i++)
        {
            Walk(items.All[i].Value, Join(path, items.All[i].Name ?? i.ToString(CultureInfo.InvariantCulture)), (shape as PartShape.Numbered)?.Item);
        }

        if (!items.IsComplete)
        {
            _opaque.Add(path);
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

    private static string Join(string path, string name) => path.Length == 0 ? name : name.Length == 0 ? path : $"{path}.{name}";
}
