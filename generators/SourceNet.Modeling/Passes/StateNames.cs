using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Passes;

/// <summary>Checks that every layer and hand-written part has a place of its own in the state_dict.</summary>
internal static class StateNames
{
    public static void Check(ModelDeclaration declaration, IReadOnlyList<Block> blocks, List<Problem> problems)
    {
        var taken = new Dictionary<string, (string Owner, bool IsContainer)>(StringComparer.Ordinal);
        foreach (var block in blocks)
        {
            foreach (var placed in block.Layers.Where(placed => placed.Layer is not UnreadableLayer))
            {
                if (placed.Layer.Name is { } name && !Declared.PartReader.IsStateName(name, mayBeEmpty: false))
                {
                    problems.Add(Problems.BadStateName(name, placed.Layer.Origin));
                    continue;
                }

                // A layer that came from the class's defaults is reported where the block is declared.
                var origin = placed.Layer.Origin.Kind == OriginKind.Block ? placed.Layer.Origin : block.Declaration.Origin;
                Take(placed.Path, $"{LayerDescription.Kind(placed.Layer, placed.Input)} of '{block.Declaration.MethodName}'", origin);
            }
        }

        foreach (var part in declaration.Parts)
        {
            Take(part.StateName, $"'{part.Member}'", part.Origin, isContainer: part.Kind == PartKind.Modules);
        }

        void Take(string path, string owner, Origin origin, bool isContainer = false)
        {
            // Only containers have others below them: a layer is registered with what it holds itself.
            var clash = taken.Keys.FirstOrDefault(other => other == path
                || (IsBelow(path, other) && !taken[other].IsContainer)
                || (IsBelow(other, path) && !isContainer));
            if (clash is null)
            {
                taken.Add(path, (owner, isContainer));
            }
            else
            {
                problems.Add(Problems.DuplicateName(path, clash == path ? taken[clash].Owner : $"{taken[clash].Owner} at '{clash}'", origin));
            }
        }
    }

    private static bool IsBelow(string path, string other) => path.Length > other.Length && path[other.Length] == '.' && path.StartsWith(other, StringComparison.Ordinal);
}
