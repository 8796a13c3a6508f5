using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
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
        foreach (var regularizer in placed.Layer.Regularizers)
        {
            plan.Add(new PlannedRegularizer(placed.Path, regularizer.Kind.ToString(), regularizer.Strength.Text, placed.Layer.Provenance, fused));
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
        foreach (var parameter in block.ParametersOf(placed))
        {
            var reference = new ParameterReference(block.Declaration.MethodName, placed.Name, parameter.Name);
            if (parameter.Role == ParameterRole.Other)
            {
                groups.Add(new WeightRules(), transposedGroups: null, inherits: false, reference);
                continue;
            }

            // A table is regularized only if its own block says so.
            var rules = parameter.Role == ParameterRole.Table ? block.Declaration.Rules.Effective() : block.Rules;
            groups.Add(rules, parameter.TransposedGroups, inherits: parameter.Role == ParameterRole.Weight, reference);
            var where = $"{placed.Path}.{parameter.Name}";
            PlanStep(where, rules, plan);
            if (placed.CanBeReparametrized)
            {
                Add(plan, where, "DropConnect", rules.DropConnect);
                Add(plan, where, "WeightNorm", rules.WeightNorm);
                Add(plan, where, "SpectralNorm", rules.SpectralNorm);
            }
        }

        if (placed.Layer is StackLayer)
        {
            // Its items sort their own parameters; what this block says is what they fall back to.
            PlanStep(LayerNaming.Join(placed.Path, "*"), block.Rules, plan);
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
