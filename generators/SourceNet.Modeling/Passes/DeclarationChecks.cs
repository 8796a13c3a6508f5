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

        CheckDefaults(declaration, blocks, problems);
        foreach (var block in blocks)
        {
            if (block.Declaration is { IsExpandable: true, Layers.Count: 0 })
            {
                problems.Add(Problems.NoLayers(block.Declaration.MethodName, block.Declaration.Origin));
                continue;
            }

            CheckNorms(block, problems);
            CheckDropPath(block, problems);
            CheckRules(block, problems);
            CheckReparametrization(block, problems);
        }
    }

    /// <summary>Layers of the class that no block gets.</summary>
    private static void CheckDefaults(ModelDeclaration declaration, IReadOnlyList<Block> blocks, List<Problem> problems)
    {
        if (blocks.Count == 0 || blocks.Any(block => block.Layers.Any(placed => placed.Layer is UnreadableLayer)))
        {
            return;
        }

        var used = new HashSet<Origin>(blocks.SelectMany(block => block.Layers).Select(placed => placed.Layer.Origin));
        foreach (var layer in declaration.Defaults.Where(layer => !DefaultLayers.IsSwitchedOff(layer) && !used.Contains(layer.Origin)))
        {
            if (declaration.Problems.Any(problem => problem.Origin == layer.Origin))
            {
                continue;
            }

            var (name, reason) = layer switch
            {
                NormLayer => ("Norm", "it needs a block with a weighted layer, no norm of its own and no [Output]"),
                ActivationLayer => ("Activation", "it needs a block with a weighted layer, no activation of its own and no [Output]"),
                DropPathLayer => ("DropPath", "it needs a [Residual] block with a weighted layer"),
                DropoutLayer { Kind: DropoutKind.Spatial } => ("SpatialDropout", "it needs a block whose last weighted layer is a convolution"),
                DropoutLayer { Kind: DropoutKind.Block } => ("DropBlock", "it needs a block whose last weighted layer is a convolution"),
                DropoutLayer dropout => (dropout.Kind == DropoutKind.Element ? "Dropout" : dropout.Kind + "Dropout", "it needs a block with a weighted layer, no dropout of its own and no [Output]"),
                _ => ("", ""),
            };
            if (name.Length > 0)
            {
                problems.Add(Problems.UnusedDefault(name, declaration.Type.Name, reason, layer.Origin));
            }
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

    /// <summary>Weight norm learns the lengths of the units, spectral norm scales all of them: together the scale is decided twice.</summary>
    private static void CheckReparametrization(Block block, List<Problem> problems)
    {
        if (block.Rules is { WeightNorm: { } lengths, SpectralNorm: { } scale } && block.Layers.Any(RegularizationPlanner.CanBeReparametrized))
        {
            var isSaidHere = scale.Origin.Kind == OriginKind.Block || lengths.Origin.Kind != OriginKind.Block;
            var reason = $"the weights of '{block.Declaration.MethodName}' have [WeightNorm] and [SpectralNorm], and each decides their scale: keep one of the two";
            problems.Add(isSaidHere ? Problems.Misplaced("[SpectralNorm]", reason, scale.Origin) : Problems.Misplaced("[WeightNorm]", reason, lengths.Origin));
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
        var isElasticNet = own.L1 is not null && own.L1.Origin == own.WeightDecay?.Origin;
        var hasWeights = layers.Any(layer => layer is WeightedLayer or EmbeddingLayer or PositionEmbeddingLayer or StackLayer);
        var hasTransformable = layers.Any(layer => layer is LinearLayer { TiedTo: null } or ConvolutionLayer);
        foreach (var (name, rule, applies) in new (string, Rule?, bool)[]
        {
            (isElasticNet ? "ElasticNet" : "WeightDecay", own.WeightDecay, hasWeights),
            ("L1", isElasticNet ? null : own.L1, hasWeights),
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
