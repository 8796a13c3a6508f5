using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Regularizers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>
/// Lists every regularizer with what it acts on, and sorts parameters into groups for the optimizer. Weights are regularized; biases, norm scales
/// and slopes are not; embeddings only if their own block says so.
/// </summary>
public static class RegularizationPlanner
{
    public static (EquatableArray<PlannedRegularizer> Plan, EquatableArray<ParameterGroup> Groups) Plan(ModelDeclaration declaration, IReadOnlyList<Block> blocks)
    {
        var plan = new List<PlannedRegularizer>();
        var groups = new GroupList();
        foreach (var block in blocks)
        {
            for (var i = 0; i < block.Layers.Count; i++)
            {
                var placed = block.Layers[i];
                PlanLayer(placed, block.Fusion.TextAt(i), plan);
                PlanParameters(block, placed, plan, groups);
            }
        }

        foreach (var part in declaration.Parts.Where(part => part.Kind != PartKind.Parameter))
        {
            // Which of its parameters are weights is told at run time.
            PlanStep(part.StateName + ".*", declaration.Regularizers.Effective(), plan);
        }

        // What acts on weights spares these parameters, which is said once.
        foreach (var penalty in RegularizerCatalogue.All.OfType<WeightPenalty>()
            .Where(penalty => groups.HasOthers && plan.Any(entry => entry.Kind == penalty.Kind && !entry.Strength.IsZero)))
        {
            plan.Add(new PlannedRegularizer(GroupList.Others, penalty.Kind, new Strength(Rate.Zero), Provenance.Derived));
        }

        // Objective, gradients, training; of one, in order of declaration.
        foreach (var (declared, planName) in declaration.ModelRegularizers
            .Select(declared => (declared, ((ClassRegularizer)RegularizerCatalogue.Of(declared.Kind)).PlanName))
            .OrderBy(item => Array.IndexOf(ClassRegularizer.PlanNames, item.PlanName)))
        {
            Add(plan, planName, declared);
        }

        return (plan.ToEquatableArray(), groups.ToEquatableArray());
    }

    private static void PlanLayer(PlacedLayer placed, string fused, List<PlannedRegularizer> plan)
    {
        foreach (var (kind, strength) in OfLayer(placed.Layer))
        {
            plan.Add(new PlannedRegularizer(placed.Path, kind, strength, placed.Layer.Provenance, fused));
        }

        if (placed.Layer is StackLayer { Model: { } model })
        {
            // The items differ in nothing but their position; their plan is listed once.
            foreach (var entry in ModelExpander.ExpandStacked(model).Plan)
            {
                plan.Add(entry with { Where = LayerNaming.Join(placed.Path, "*." + entry.Where), IsOfModelInside = true });
            }
        }
    }

    /// <summary>How a layer regularizes by itself, in train mode.</summary>
    public static IEnumerable<(RegularizationKind Kind, Strength Strength)> OfLayer(Layer layer) => layer switch
    {
        DropoutLayer dropout =>
        [
            (dropout.Kind switch
            {
                DropoutKind.Spatial => RegularizationKind.SpatialDropout,
                DropoutKind.Alpha => RegularizationKind.AlphaDropout,
                DropoutKind.Gaussian => RegularizationKind.GaussianDropout,
                DropoutKind.Block => RegularizationKind.DropBlock,
                _ => RegularizationKind.Dropout,
            }, new Strength(dropout.Rate)),
        ],
        DropPathLayer path => [(RegularizationKind.DropPath, new Strength(path.Rate))],
        GaussianNoiseLayer noise => [(RegularizationKind.GaussianNoise, new Strength(noise.StandardDeviation))],
        AttentionLayer { Dropout.IsZero: false } attention => [(RegularizationKind.Dropout, new Strength(attention.Dropout))],
        FeedForwardLayer { Dropout.IsZero: false } feedForward => [(RegularizationKind.Dropout, new Strength(feedForward.Dropout))],
        NormLayer norm =>
        [
            (norm.Function switch
            {
                NormKind.Batch => RegularizationKind.BatchNorm,
                NormKind.Layer => RegularizationKind.LayerNorm,
                NormKind.RMS => RegularizationKind.RMSNorm,
                NormKind.Group => RegularizationKind.GroupNorm,
                _ => RegularizationKind.InstanceNorm,
            }, new Strength(Rate.Of(norm.Eps), "eps")),
        ],
        _ => [],
    };

    private static void PlanParameters(Block block, PlacedLayer placed, List<PlannedRegularizer> plan, GroupList groups)
    {
        // An embedding is regularized only if its own block says so.
        var regularizers = placed.Layer is EmbeddingLayer or PositionEmbeddingLayer ? block.Declaration.Regularizers.Effective() : block.Regularizers;
        foreach (var member in WeightsOf(placed))
        {
            var transposedGroups = (placed.Layer as ConvolutionLayer) is { Transposed: true } conv ? conv.Groups : null;
            var parameter = new ParameterReference(block.Declaration.MethodName, placed.Name, member);
            groups.Add(regularizers, transposedGroups, inherits: placed.Layer is WeightedLayer, parameter);
            var where = $"{placed.Path}.{member}";
            PlanStep(where, regularizers, plan);
            foreach (var entry in regularizers.Entries.Where(entry => CanBeReparametrized(placed) && RegularizerCatalogue.Of(entry.Kind) is Reparametrization))
            {
                Add(plan, where, entry);
            }
        }

        foreach (var member in OthersOf(placed, block.Regularizers))
        {
            groups.Add(WeightRegularizers.None, transposedGroups: null, inherits: false, new ParameterReference(block.Declaration.MethodName, placed.Name, member));
        }

        if (placed.Layer is StackLayer)
        {
            // Its items sort their own parameters; what this block says is what they fall back to.
            PlanStep(LayerNaming.Join(placed.Path, "*"), regularizers, plan);
        }
    }

    /// <summary>What happens to a weight in the optimizer step and in the objective.</summary>
    private static void PlanStep(string where, WeightRegularizers regularizers, List<PlannedRegularizer> plan)
    {
        foreach (var entry in regularizers.Entries.Where(entry => RegularizerCatalogue.Of(entry.Kind) is not Reparametrization))
        {
            Add(plan, where, entry);
        }
    }

    /// <summary>Whether weight norm, spectral norm and DropConnect can act on the layer: it has one weight of its own.</summary>
    public static bool CanBeReparametrized(PlacedLayer placed) => placed.Layer is LinearLayer { TiedTo: null } or ConvolutionLayer;

    /// <summary>The layer's weights, as members of its module.</summary>
    public static IReadOnlyList<string> WeightsOf(PlacedLayer placed) => placed.Layer switch
    {
        LinearLayer when placed.Tie is null => ["weight"],
        ConvolutionLayer or EmbeddingLayer or PositionEmbeddingLayer => ["weight"],
        AttentionLayer => ["query.weight", "key.weight", "value.weight", "output.weight"],
        FeedForwardLayer => ["up.weight", "down.weight"],
        SwiGluLayer => ["gate.weight", "up.weight", "down.weight"],
        _ => [],
    };

    /// <summary>The layer's other parameters, as members of its module.</summary>
    public static IReadOnlyList<string> OthersOf(PlacedLayer placed, WeightRegularizers regularizers)
    {
        var magnitude = regularizers[RegularizationKind.WeightNorm] is not null && CanBeReparametrized(placed) ? new[] { "magnitude" } : [];
        return placed.Layer switch
        {
            NormLayer { HasScale: true, Function: NormKind.RMS } => ["weight"],
            NormLayer { HasScale: true } => ["weight", "bias"],
            ActivationLayer { Function: ActivationKind.PReLU } => ["weight"],
            WeightedLayer when !placed.HasBias => magnitude,
            AttentionLayer => ["query.bias", "key.bias", "value.bias", "output.bias"],
            FeedForwardLayer => ["up.bias", "down.bias"],
            SwiGluLayer => ["gate.bias", "up.bias", "down.bias"],
            WeightedLayer => ["bias", .. magnitude],
            _ => [],
        };
    }

    private static void Add(List<PlannedRegularizer> plan, string where, DeclaredRegularizer declared) =>
        plan.Add(new PlannedRegularizer(where, declared.Kind, declared.Strength, declared.Provenance));

    /// <summary>Groups in order of first use; parameters that the optimizer treats alike share one.</summary>
    private sealed class GroupList
    {
        public const string Others = "biases, norms and embeddings";

        private readonly List<(string Key, ParameterGroup Group, List<ParameterReference> Parameters)> _groups = [];

        public bool HasOthers => _groups.Any(group => group.Group.Name == Others);

        public void Add(WeightRegularizers regularizers, Dim? transposedGroups, bool inherits, ParameterReference parameter)
        {
            var strengths = OfGroup(regularizers).Select(item => $"{item.Entry.Kind} {item.Entry.Strength.Value.CSharp}");
            var key = $"{string.Join("|", strengths)} {transposedGroups} {inherits}";
            var index = _groups.FindIndex(group => group.Key == key);
            if (index < 0)
            {
                index = _groups.Count;
                _groups.Add((key, new ParameterGroup(Name(regularizers, inherits), regularizers, transposedGroups, inherits, default), []));
            }

            _groups[index].Parameters.Add(parameter);
        }

        public EquatableArray<ParameterGroup> ToEquatableArray() =>
            _groups.Select(group => group.Group with { Parameters = group.Parameters.ToEquatableArray() }).ToEquatableArray();

        private static string Name(WeightRegularizers regularizers, bool inherits)
        {
            var parts = OfGroup(regularizers).Select(item => item.Regularizer.GroupName).ToList();
            return parts.Count > 0 ? string.Join(", ", parts) : inherits ? "weights" : Others;
        }

        private static IEnumerable<(DeclaredRegularizer Entry, GroupRegularizer Regularizer)> OfGroup(WeightRegularizers regularizers) =>
            regularizers.Entries.Select(entry => (entry, RegularizerCatalogue.Of(entry.Kind) as GroupRegularizer)).Where(item => item.Item2 is not null)!;
    }
}
