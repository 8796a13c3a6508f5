using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Modeling.Passes;

/// <summary>
/// Checks that every layer and hand-written part has a place of its own in the state_dict, as the registry of the running model will. Layers that are only
/// a function have no place there, but a name in their block.
/// </summary>
internal sealed class StateNames
{
    /// <summary>Who holds a path.</summary>
    private readonly Dictionary<string, string> _taken = new(StringComparer.Ordinal);

    /// <summary>Paths on the way to others, and who needs them first.</summary>
    private readonly Dictionary<string, string> _containers = new(StringComparer.Ordinal);

    public static void Check(ModelDeclaration declaration, IReadOnlyList<Block> blocks, List<Problem> problems)
    {
        var names = new StateNames();
        foreach (var block in blocks.Where(block => block.Declaration.IsExpandable))
        {
            // What is wrong with one layer's name is mostly wrong with the next one's too: one problem a block.
            if (names.Check(block) is { } problem)
            {
                problems.Add(problem);
            }
        }

        foreach (var part in declaration.Parts)
        {
            if (names.Take(part.StateName, $"'{part.Member}'", IsContainer(part), part.Origin) is { } problem)
            {
                problems.Add(problem);
            }
        }
    }

    /// <summary>Whether a part's modules have names below its own.</summary>
    private static bool IsContainer(HandWrittenPart part) => part.Shape is not (null or PartShape.Module);

    private Problem? Check(Block block)
    {
        var inBlock = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var placed in block.Layers.Where(placed => placed.Layer is not UnreadableLayer))
        {
            if (placed.Layer.Name is { } name && !Declared.PartReader.IsStateName(name, mayBeEmpty: false))
            {
                return Problems.BadStateName(name, placed.Layer.Origin);
            }

            // A layer that came from the class's defaults is reported where the block is declared.
            var origin = placed.Layer.Origin.Kind == OriginKind.Block ? placed.Layer.Origin : block.Declaration.Origin;
            var owner = $"{placed.Kind} of '{block.Declaration.MethodName}'";
            if (inBlock.TryGetValue(placed.Name, out var first))
            {
                return Problems.DuplicateName(placed.Path, first, origin);
            }

            inBlock.Add(placed.Name, owner);
            // Parts with names of their own lie below the name that the layer is given, if it is given one.
            var parts = placed.NamedParts.ToList();
            if (placed.Layer.IsRegistered && Take(placed.Path, owner, isContainer: parts.Count > 0 && placed.Layer.Name is not null, origin) is { } problem)
            {
                return problem;
            }

            var ofParts = parts.Select(part => Take(part.Path, $"'{part.Part}' of {owner}", isContainer: false, origin));
            if (ofParts.FirstOrDefault(one => one is not null) is { } ofPart)
            {
                return ofPart;
            }
        }

        return null;
    }

    private Problem? Take(string path, string owner, bool isContainer, Origin origin)
    {
        if (_taken.TryGetValue(path, out var first))
        {
            return Problems.DuplicateName(path, first, origin);
        }

        if (!isContainer && _containers.TryGetValue(path, out first))
        {
            return Problems.DuplicateName(path, $"the container of {first}", origin);
        }

        for (var dot = path.IndexOf('.'); dot >= 0; dot = path.IndexOf('.', dot + 1))
        {
            var outer = path.Substring(0, dot);
            if (_taken.TryGetValue(outer, out first))
            {
                return Problems.NameInside(path, outer, first, origin);
            }

            Contain(outer, owner);
        }

        if (isContainer)
        {
            Contain(path, owner);
        }
        else
        {
            _taken.Add(path, owner);
        }

        return null;
    }

    private void Contain(string path, string owner)
    {
        if (!_containers.ContainsKey(path))
        {
            _containers.Add(path, owner);
        }
    }
}
