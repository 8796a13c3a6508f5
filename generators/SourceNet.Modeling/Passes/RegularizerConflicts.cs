using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Regularizers;

namespace SourceNet.Modeling.Passes;

/// <summary>Two regularizers of the same weights of which one undoes the other. What is declared acts, or is refused.</summary>
internal static class RegularizerConflicts
{
    public static void Check(ModelDeclaration declaration, IReadOnlyList<Block> blocks, List<Problem> problems)
    {
        foreach (var block in blocks)
        {
            var isTransformed = block.Layers.Any(placed => placed.CanBeReparametrized);
            var hasWeights = block.Layers.Any(placed => placed.Layer is StackLayer || placed.HasWeights);
            CheckFrozen($"'{block.Declaration.MethodName}'", block.Regularizers, problems);
            Check(
                $"the weights of '{block.Declaration.MethodName}'",
                block.Regularizers,
                entry => entry is Reparametrization ? isTransformed : hasWeights,
                problems);
        }

        foreach (var part in declaration.Parts)
        {
            CheckFrozen($"'{part.Member}'", declaration.TreatmentsOf(part), problems);
        }

        if (declaration.Parts.Any(part => part.HoldsModules))
        {
            Check($"the weights of '{declaration.Type.Name}'", declaration.Regularizers.Effective(), entry => entry is not Reparametrization, problems);
        }
    }

    /// <summary>What never learns has no learning rate. One that the class says for all its blocks is no mistake.</summary>
    private static void CheckFrozen(string what, WeightRegularizers regularizers, List<Problem> problems)
    {
        if (regularizers[RegularizationKind.LearningRate] is { } rate
            && regularizers[RegularizationKind.Frozen] is { FreezesForGood: true } frozen
            && (rate.Origin.Kind != OriginKind.Class || frozen.Origin.Kind == OriginKind.Class))
        {
            problems.Add(Problems.Misplaced(
                "[LearningRate]",
                $"{what} is frozen and never learns; keep one of the two, or say with UntilEpoch when it begins to",
                rate.Origin));
        }
    }

    /// <param name="weights">Which weights, in words.</param>
    /// <param name="regularizers">What acts on them.</param>
    /// <param name="reaches">Whether a regularizer acts on any of them.</param>
    /// <param name="problems">Takes what is found.</param>
    private static void Check(string weights, WeightRegularizers regularizers, Func<WeightRegularizer, bool> reaches, List<Problem> problems)
    {
        var entries = regularizers.Entries
            .Select(declared => (Declared: declared, Entry: (WeightRegularizer)RegularizerCatalogue.Of(declared.Kind)))
            .Where(item => reaches(item.Entry))
            .ToList();
        foreach (var decider in entries.Where(item => item.Entry.Decides != WeightAspect.None))
        {
            foreach (var undone in entries.Where(item => item.Declared.Kind != decider.Declared.Kind
                && (item.Entry.ActsOn & decider.Entry.Decides) != WeightAspect.None))
            {
                var (name, by) = (AttributeOf(undone.Declared, regularizers), decider.Entry.Attribute);
                var what = (undone.Entry.ActsOn & decider.Entry.Decides) == WeightAspect.Lengths ? "the lengths of " : "each of ";
                var remedy = undone.Declared.Origin.Kind == OriginKind.Class
                    && decider.Declared.Origin.Kind == OriginKind.Block
                    && RegularizerCatalogue.OfAttribute(name)?.Off is { } off
                    ? $"say [{off}] against the default of the class"
                    : "keep one of the two";
                var origin = undone.Declared.Origin.Kind == OriginKind.Block ? undone.Declared.Origin : decider.Declared.Origin;
                problems.Add(Problems.Misplaced(
                    $"[{name}]",
                    $"[{by}] decides {what}{weights}, so that [{name}] could change nothing of those that are used; {remedy}",
                    origin));
            }
        }
    }

    /// <summary>The attribute that said it: that of a whole for a part of it.</summary>
    private static string AttributeOf(DeclaredRegularizer declared, WeightRegularizers regularizers)
    {
        var whole = regularizers.Entries.FirstOrDefault(entry => entry.Origin == declared.Origin && WeightRegularizers.Parts(entry).Contains(declared.Kind))
            ?? declared;
        return RegularizerCatalogue.Of(whole.Kind).Attribute;
    }
}
