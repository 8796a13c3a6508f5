using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Modeling.Passes;

/// <summary>Gives the modules that hand-written code holds the shapes that they get where the forward applies them first.</summary>
internal static class PartShapes
{
    public static EquatableArray<PlacedLayer> Of(EquatableArray<PlacedLayer> parts, IReadOnlyList<GraphNode> nodes) => parts.Select(part =>
    {
        var use = part.Path.Length == 0 ? null : nodes.FirstOrDefault(node => node.Operation is GraphOperation.Apply apply && apply.Path == part.Path);
        return use is { Operation: GraphOperation.Apply applied, Inputs.Count: > 0 }
            ? applied.PlacedAt(nodes[use.Inputs[0]].Output, use.Output) with { Name = part.Name }
            : part;
    }).ToEquatableArray();
}
