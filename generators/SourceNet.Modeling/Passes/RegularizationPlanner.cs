using SourceNet.Modeling.Graph;
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

        foreach (var part in declaration.Parts.Where(part => part.HoldsModules))
        {
            // Which of its parameters are weights is told at run time.
            PlanStep(part.StateName + ".*", declaration.Rules.Effective(), plan);
        }

        // What acts on weights spares these parameters, which is said once.
        foreach (var kind in new[] { "WeightDecay", "L1", "L2" }.Where(kind => groups.HasOthers && plan.Any(entry => entry.Kind == kind && entry.Strength != "0")))
        {
            plan.Add(new PlannedRegularizer(GroupList.Others, kind, "0", Provenance.Derived));
        }

        Add(plan, "objective", "LabelSmoothing", declaration.LabelSmoothing);
        Add(plan, "gradients", "GradientClip", declaration.GradientClip);
        foreach (var (kind, rule) in declaration.Training)
        {
            Add(plan, "training", kind, rule);
        }

        return (plan.ToEquatableArray(), groups.ToEquatableArray());
    }

    private static void PlanLayer(PlacedLayer placed, string fused, List<PlannedRegularizer> plan)
    {
        var (kind, strength) = placed.Layer switch
        {
            DropoutLayer dropout => (dropout.Kind switch
            {
                DropoutKind.Spatial => "SpatialDropout",
                DropoutKind.Alpha => "AlphaDropout",
                DropoutKind.Gaussian => "GaussianDropout",
                DropoutKind.Block => "DropBlock",
                _ => "Dropout",
            }, dropout.Rate.Text),
            DropPathLayer path => ("DropPath", path.Rate.Text),
            GaussianNoiseLayer noise => ("GaussianNoise", noise.StandardDeviation.Text),
            AttentionLayer { Dropout.IsZero: false } attention => ("Dropout", attention.Dropout.Text),
            FeedForwardLayer { Dropout.IsZero: false } feedForward => ("Dropout", feedForward.Dropout.Text),
            NormLayer norm => (norm.Function + "Norm", "eps " + Expression.Format(norm.Eps)),
            _ => ("", ""),
        };
        if (kind.Length > 0)
        {
            plan.Add(new PlannedRegularizer(placed.Path, kind, strength, placed.Layer.Provenance, fused));
        }

        if (placed.Layer is StackLayer { Model: { } model })
        {
            // The items differ in nothing but their position; their plan is listed once.
            foreach (var entry in ModelExpander.ExpandStacked(model).Plan)
            {
                plan.Add(entry with { Where = LayerNaming.Join(placed.Path, "*." + entry.Where) });
            }
        }
    }

    private static void PlanParameters(Block block, PlacedLayer placed, List<PlannedRegularizer> plan, GroupList groups)
    {
        // An embedding is regularized only if its own block says so.
        var rules = placed.Layer is EmbeddingLayer or PositionEmbeddingLayer ? block.Declaration.Rules.Effective() : block.Rules;
        foreach (var member in WeightsOf(placed))
        {
            groups.Add(rules, (placed.Layer as ConvolutionLayer) is { Transposed: true } conv ? conv.Groups : null, inherits: placed.Layer is WeightedLayer, new ParameterReference(block.Declaration.MethodName, placed.Name, member));
            var where = $"{placed.Path}.{member}";
            PlanStep(where, rules, plan);
            if (CanBeReparametrized(placed))
            {
                Add(plan, where, "DropConnect", rules.DropConnect);
                Add(plan, where, "WeightNorm", rules.WeightNorm);
                Add(plan, where, "SpectralNorm", rules.SpectralNorm);
            }
        }

        foreach (var member in OthersOf(placed, block.Rules))
        {
            groups.Add(new WeightRules(), transposedGroups: null, inherits: false, new ParameterReference(block.Declaration.MethodName, placed.Name, member));
        }

        if (placed.Layer is StackLayer)
        {
            // Its items sort their own parameters; what this block says is what they fall back to.
            PlanStep(LayerNaming.Join(placed.Path, "*"), rules, plan);
        }
    }

    /// <summary>What happens to a weight in the optimizer step and in the objective.</summary>
    private static void PlanStep(string where, WeightRules rules, List<PlannedRegularizer> plan)
    {
        Add(plan, where, "WeightDecay", rules.WeightDecay);
        Add(plan, where, "L1", rules.L1);
        Add(plan, where, "L2", rules.L2);
        Add(plan, where, "MaxNorm", rules.MaxNorm);
        Add(plan, where, "UnitNorm", rules.UnitNorm);
        Add(plan, where, "NonNegative", rules.NonNegative);
        Add(plan, where, "Orthogonal", rules.Orthogonal);
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
    public static IReadOnlyList<string> OthersOf(PlacedLayer placed, WeightRules rules)
    {
        var magnitude = rules.WeightNorm is not null && CanBeReparametrized(placed) ? new[] { "magnitude" } : [];
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

    private static void Add(List<PlannedRegularizer> plan, string where, string kind, Rule? rule)
    {
        if (rule is not null)
        {
            plan.Add(new PlannedRegularizer(where, kind, rule.Strength.Text, rule.Provenance));
        }
    }

    /// <summary>Groups in order of first use; parameters under the same rules of the optimizer share one.</summary>
    private sealed class GroupList
    {
        public const string Others = "biases, norms and embeddings";

        private readonly List<(string Key, ParameterGroup Group, List<ParameterReference> Parameters)> _groups = [];

        public bool HasOthers => _groups.Any(group => group.Group.Name == Others);

        public void Add(WeightRules rules, Dim? transposedGroups, bool inherits, ParameterReference parameter)
        {
            var strengths = new[] { rules.WeightDecay, rules.L1, rules.L2, rules.MaxNorm, rules.UnitNorm, rules.NonNegative, rules.Orthogonal }.Select(rule => rule?.Strength.CSharp);
            var key = $"{string.Join("|", strengths)} {transposedGroups} {inherits}";
            var index = _groups.FindIndex(group => group.Key == key);
            if (index < 0)
            {
                index = _groups.Count;
                _groups.Add((key, new ParameterGroup(Name(rules, inherits), rules, transposedGroups, inherits, default), []));
            }

            _groups[index].Parameters.Add(parameter);
        }

        public EquatableArray<ParameterGroup> ToEquatableArray() =>
            _groups.Select(group => group.Group with { Parameters = group.Parameters.ToEquatableArray() }).ToEquatableArray();

        private static string Name(WeightRules rules, bool inherits)
        {
            var parts = new (string Name, Rule? Rule)[]
            {
                ("weight decay", rules.WeightDecay), ("L1", rules.L1), ("L2", rules.L2), ("max norm", rules.MaxNorm),
                ("unit norm", rules.UnitNorm), ("non-negative", rules.NonNegative), ("orthogonal", rules.Orthogonal),
            }.Where(part => part.Rule is not null).Select(part => part.Name).ToList();
            return parts.Count > 0 ? string.Join(", ", parts) : inherits ? "weights" : Others;
        }
    }
}
