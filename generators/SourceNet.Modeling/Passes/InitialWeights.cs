using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Modeling.Passes;

/// <summary>Finds what the weights of a layer start from: what it says itself, else its block, else its class.</summary>
public static class InitialWeights
{
    /// <summary>What a layer's weights start from; null where they start as TorchSharp has them.</summary>
    public static Initialization? Of(LayerGraph graph, Block block, PlacedLayer placed)
    {
        if (placed.Layer.Initialization is { } own)
        {
            return own.Kind == InitKind.Default ? null : own;
        }

        if (!placed.HasWeights || placed.Layer is StackLayer)
        {
            return null;
        }

        var said = block.Declaration.Initialization ?? graph.Declaration?.Initialization;
        return said is null ? (MakesLogits(graph, block, placed) ? Initialization.OfTiedEmbedding : null)
            : said.Kind == InitKind.Default ? null
            : ReferenceEquals(placed, block.Layers.Last(layer => layer.HasWeights)) ? said : said with { Last = null };
    }

    /// <summary>Whether it is an embedding whose weight a later layer makes the logits with.</summary>
    private static bool MakesLogits(LayerGraph graph, Block block, PlacedLayer placed) => placed.Layer is EmbeddingLayer
        && graph.Blocks.SelectMany(other => other.Layers)
            .Any(other => other.Tie is { } tie && tie.Block == block.Declaration.MethodName && tie.Layer == placed.Name);

    /// <summary>What is said and reaches no weight.</summary>
    internal static void Check(ModelDeclaration declaration, IReadOnlyList<Block> blocks, List<Problem> problems)
    {
        if (blocks.Any(block => block.Layers.Any(placed => placed.Layer is UnreadableLayer)))
        {
            return;
        }

        foreach (var block in blocks)
        {
            foreach (var placed in block.Layers.Where(placed => placed is { Layer.Initialization: not null, Tie: not null }))
            {
                var reason = $"the weight is that of '{placed.Tie!.Block}', and starts as it does there";
                problems.Add(Problems.Misplaced("Init", reason, placed.Layer.Initialization!.Origin));
            }

            if (block.Declaration.Initialization is { } said && !block.Layers.Any(Takes))
            {
                problems.Add(Problems.NoWeights("Init", block.Declaration.MethodName, said.Origin));
            }
        }

        if (declaration.Initialization is { } ofClass && !blocks.Any(block => block.Declaration.Initialization is null && block.Layers.Any(Takes)))
        {
            const string needs = "it needs a block with a weight that does not say [Init] itself; parts written by hand and models inside start as they say";
            problems.Add(Problems.UnusedDefault("Init", declaration.Type.Name, needs, ofClass.Origin));
        }
    }

    private static bool Takes(PlacedLayer placed) => placed is { HasWeights: true, Layer: { Initialization: null } and not StackLayer };
}
