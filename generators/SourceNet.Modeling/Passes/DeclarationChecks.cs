using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Regularizers;

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
        InitialWeights.Check(declaration, blocks, problems);
        RegularizerConflicts.Check(declaration, blocks, problems);
        foreach (var block in blocks)
        {
            if (block.Declaration is { IsExpandable: true, Layers.Count: 0, AfterSum.Count: 0 })
            {
                problems.Add(Problems.NoLayers(block.Declaration.MethodName, block.Declaration.Origin));
                continue;
            }

            CheckNorms(block, problems);
            CheckDropPath(block, problems);
            CheckRegularizers(block, problems);
            CheckReparametrization(block, problems);
        }
    }

    /// <summary>Layers and regularizers of the class that no block gets.</summary>
    private static void CheckDefaults(ModelDeclaration declaration, IReadOnlyList<Block> blocks, List<Problem> problems)
    {
        if (blocks.Count == 0 || blocks.Any(block => block.Layers.Any(placed => placed.Layer is UnreadableLayer)))
        {
            return;
        }

        CheckDefaultRegularizers(declaration, blocks, problems);
        var used = new HashSet<Origin>(blocks.SelectMany(block => block.Layers).Select(placed => placed.Layer.Origin));
        foreach (var layer in declaration.Defaults.Where(layer => !layer.IsSwitchedOff && !used.Contains(layer.Origin)))
        {
            if (layer.Default is { } use && !declaration.Problems.Any(problem => problem.Origin == layer.Origin))
            {
                problems.Add(Problems.UnusedDefault(use.Attribute, declaration.Type.Name, use.Needs, layer.Origin));
            }
        }
    }

    private static void CheckDefaultRegularizers(ModelDeclaration declaration, IReadOnlyList<Block> blocks, List<Problem> problems)
    {
        var hasParts = declaration.Parts.Any(part => part.HoldsModules);
        foreach (var said in Said(declaration.Regularizers.Effective()))
        {
            var regularizer = RegularizerCatalogue.Of(said.Kind);
            var reparametrization = regularizer as Reparametrization;
            var isUsed = (hasParts && reparametrization is null) || blocks.Any(block => Reaches(block, said) && block.Layers.Any(placed =>
                reparametrization is not null ? placed.CanBeReparametrized
                : placed.Layer is StackLayer
                    || (regularizer is ParameterTreatment ? placed.Parameters.Any() : placed.Layer is WeightedLayer && placed.HasWeights)));
            if (!isUsed)
            {
                var name = regularizer.Attribute;
                var reason = reparametrization is not null
                    ? $"it needs a block with a linear layer or a convolution that has a weight of its "
                        + $"own{(reparametrization.SparesOutput ? ", and no [Output]" : "")}"
                    : $"it needs a block with a weighted layer that does not say [{name}] itself";
                problems.Add(Problems.UnusedDefault(name, declaration.Type.Name, reason, said.Origin));
            }
        }
    }

    /// <summary>Whether a block gets what the class says, or a part of it.</summary>
    private static bool Reaches(Block block, DeclaredRegularizer said) =>
        WeightRegularizers.Parts(said).Prepend(said.Kind).Any(kind => block.Regularizers[kind] is { Origin.Kind: OriginKind.Class });

    private static void CheckNorms(Block block, List<Problem> problems)
    {
        var normalized = false;
        for (var i = 0; i < block.Layers.Count; i++)
        {
            var placed = block.Layers[i];
            // A sum is no longer normalized.
            normalized = normalized && i != block.BodyCount;
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
            if (block.Layers[i].Layer is DropPathLayer path && (!block.Declaration.IsResidual || i != block.BodyCount - 1))
            {
                problems.Add(Problems.Misplaced(
                    "[DropPath]",
                    "it skips the body of a [Residual] block and stands after its last layer; elsewhere it would zero whole samples",
                    path.Origin));
            }
        }
    }

    /// <summary>Weight norm learns the lengths of the units, spectral norm scales all of them: together the scale is decided twice.</summary>
    private static void CheckReparametrization(Block block, List<Problem> problems)
    {
        var deciding = block.Regularizers.Entries.Where(entry => RegularizerCatalogue.Of(entry.Kind) is Reparametrization { DecidesScale: true }).ToList();
        if (deciding.Count < 2 || !block.Layers.Any(placed => placed.CanBeReparametrized))
        {
            return;
        }

        var names = deciding.Select(entry => $"[{RegularizerCatalogue.Of(entry.Kind).Attribute}]").ToList();
        var misplaced = deciding.FindLastIndex(entry => entry.Origin.Kind == OriginKind.Block);
        misplaced = misplaced < 0 ? deciding.Count - 1 : misplaced;
        var reason = $"the weights of '{block.Declaration.MethodName}' have {string.Join(" and ", names)}, and each decides their scale: keep one of the two";
        problems.Add(Problems.Misplaced(names[misplaced], reason, deciding[misplaced].Origin));
    }

    private static void CheckRegularizers(Block block, List<Problem> problems)
    {
        if (block.Layers.Any(placed => placed.Layer is UnreadableLayer))
        {
            return;
        }

        var hasWeights = block.Layers.Any(placed => placed.Layer is StackLayer || placed.HasWeights);
        var hasParameters = hasWeights || block.Layers.Any(placed => placed.Parameters.Any());
        var hasTransformable = block.Layers.Any(placed => placed.CanBeReparametrized);
        foreach (var said in Said(block.Declaration.Regularizers))
        {
            var regularizer = RegularizerCatalogue.Of(said.Kind);
            if (!(regularizer is Reparametrization ? hasTransformable : regularizer is ParameterTreatment ? hasParameters : hasWeights))
            {
                problems.Add(Problems.NoWeights(regularizer.Attribute, block.Declaration.MethodName, said.Origin));
            }
        }
    }

    /// <summary>What was said by an attribute of its own, so not the parts of what is several together.</summary>
    private static IEnumerable<DeclaredRegularizer> Said(WeightRegularizers regularizers) => regularizers.Entries.Where(entry =>
        !regularizers.Entries.Any(whole => whole.Kind != entry.Kind && whole.Origin == entry.Origin && WeightRegularizers.Parts(whole).Contains(entry.Kind)));
}
