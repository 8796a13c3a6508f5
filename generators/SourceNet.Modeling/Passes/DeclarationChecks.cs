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

    /// <summary>Layers and rules of the class that no block gets.</summary>
    private static void CheckDefaults(ModelDeclaration declaration, IReadOnlyList<Block> blocks, List<Problem> problems)
    {
        if (blocks.Count == 0 || blocks.Any(block => block.Layers.Any(placed => placed.Layer is UnreadableLayer)))
        {
            return;
        }

        CheckDefaultRules(declaration, blocks, problems);
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

    private static void CheckDefaultRules(ModelDeclaration declaration, IReadOnlyList<Block> blocks, List<Problem> problems)
    {
        var hasParts = declaration.Parts.Any(part => part.HoldsModules);
        foreach (var (name, rule, isTransform) in Said(declaration.Rules.Effective()))
        {
            var isUsed = (hasParts && !isTransform) || blocks.Any(block => Said(block.Rules).Any(said => said.Rule.Origin == rule.Origin) && block.Layers.Any(placed =>
                isTransform ? RegularizationPlanner.CanBeReparametrized(placed)
                : placed.Layer is StackLayer || (placed.Layer is WeightedLayer && RegularizationPlanner.WeightsOf(placed).Count > 0)));
            if (!isUsed)
            {
                var reason = isTransform
                    ? $"it needs a block with a linear layer or a convolution that has a weight of its own{(name == "DropConnect" ? ", and no [Output]" : "")}"
                    : $"it needs a block with a weighted layer that does not say [{name}] itself";
                problems.Add(Problems.UnusedDefault(name, declaration.Type.Name, reason, rule.Origin));
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
        if (block.Layers.Any(placed => placed.Layer is UnreadableLayer))
        {
            return;
        }

        var hasWeights = block.Layers.Any(placed => placed.Layer is StackLayer || RegularizationPlanner.WeightsOf(placed).Count > 0);
        var hasTransformable = block.Layers.Any(RegularizationPlanner.CanBeReparametrized);
        foreach (var (name, rule, isTransform) in Said(block.Declaration.Rules))
        {
            if (!(isTransform ? hasTransformable : hasWeights))
            {
                problems.Add(Problems.NoWeights(name, block.Declaration.MethodName, rule.Origin));
            }
        }
    }

    /// <summary>What was said, by the attribute that said it, and whether it transforms the weights in the forward pass.</summary>
    private static IEnumerable<(string Name, Rule Rule, bool IsTransform)> Said(WeightRules rules)
    {
        var isElasticNet = rules.L1 is not null && rules.L1.Origin == rules.WeightDecay?.Origin;
        return new (string Name, Rule? Rule, bool IsTransform)[]
        {
            (isElasticNet ? "ElasticNet" : "WeightDecay", rules.WeightDecay, false),
            ("L1", isElasticNet ? null : rules.L1, false),
            ("L2", rules.L2, false),
            ("MaxNorm", rules.MaxNorm, false),
            ("UnitNorm", rules.UnitNorm, false),
            ("NonNegative", rules.NonNegative, false),
            ("Orthogonal", rules.Orthogonal, false),
            ("DropConnect", rules.DropConnect, true),
            ("WeightNorm", rules.WeightNorm, true),
            ("SpectralNorm", rules.SpectralNorm, true),
        }.Where(said => said.Rule is not null).Select(said => (said.Name, said.Rule!, said.IsTransform));
    }
}
