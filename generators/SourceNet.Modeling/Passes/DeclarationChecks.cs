using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Passes;

/// <summary>What is wrong or suspicious about a declaration besides its shapes and names.</summary>
internal static class DeclarationChecks
{
    public static void Check(ModelDeclaration declaration, IReadOnlyList<Block> blocks, List<Problem> problems)
    {
        var affected = blocks.Where(block => block.Layers.Any(layer => layer.Layer.Origin.Kind == OriginKind.Class)).ToList();
        if (affected.Count > 0 && !blocks.Any(block => block.Declaration.IsOutput))
        {
            problems.Add(Problems.NoOutput(declaration.Type.Name, affected[affected.Count - 1].Declaration.MethodName, Origin.Class));
        }

        foreach (var block in blocks)
        {
            CheckNorms(block, problems);
            CheckDropPath(block, problems);
            CheckRules(block, problems);
        }
    }

    private static void CheckNorms(Block block, List<Problem> problems)
    {
        var normalized = false;
        foreach (var placed in block.Layers)
        {
            if (placed.Layer is NormLayer)
            {
                if (normalized)
                {
                    problems.Add(Problems.TwoNorms(block.Declaration.MethodName, placed.Layer.Origin));
                }

                normalized = true;
            }
            else if (placed.Layer is WeightedLayer or StackLayer or EmbeddingLayer)
            {
                normalized = false;
            }
        }
    }

    private static void CheckDropPath(Block block, List<Problem> problems)
    {
        for (var i = 0; i < block.Layers.Count; i++)
        {
            if (block.Layers[i].Layer is DropPathLayer path && (!block.Declaration.IsResidual || i != block.Layers.Count - 1))
            {
                problems.Add(Problems.Misplaced("[DropPath]", "it skips the body of a [Residual] block and stands after its last layer; elsewhere it would zero whole samples", path.Origin));
            }
        }
    }

    private static void CheckRules(Block block, List<Problem> problems)
    {
        var layers = block.Layers.Select(placed => placed.Layer).ToList();
        if (layers.Any(layer => layer is UnreadableLayer))
        {
            return;
        }

        var own = block.Declaration.Rules;
        var hasWeights = layers.Any(layer => layer is WeightedLayer or EmbeddingLayer or PositionEmbeddingLayer or StackLayer);
        var hasTransformable = layers.Any(layer => layer is LinearLayer { TiedTo: null } or ConvolutionLayer);
        foreach (var (name, rule, applies) in new (string, Rule?, bool)[]
        {
            ("WeightDecay", own.WeightDecay, hasWeights),
            ("L1", own.L1, hasWeights),
            ("L2", own.L2, hasWeights),
            ("MaxNorm", own.MaxNorm, hasWeights),
            ("UnitNorm", own.UnitNorm, hasWeights),
            ("NonNegative", own.NonNegative, hasWeights),
            ("Orthogonal", own.Orthogonal, hasWeights),
            ("DropConnect", own.DropConnect, hasTransformable),
            ("WeightNorm", own.WeightNorm, hasTransformable),
            ("SpectralNorm", own.SpectralNorm, hasTransformable),
        })
        {
            if (rule is not null && !applies)
            {
                problems.Add(Problems.NoWeights(name, block.Declaration.MethodName, rule.Origin));
            }
        }
    }
}
