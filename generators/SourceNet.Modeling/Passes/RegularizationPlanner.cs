using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Regularizers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>
/// Lists every regularizer with what it acts on, and sorts parameters into groups for the optimizer. Weights are regularized; biases, norm scales
/// and slopes are not; embeddings only if their own block says so.
/// </summary>
public static class RegularizationPlanner
{
    /// <summary>The plan of a declared model, and its groups.</summary>
    public static (EquatableArray<PlannedRegularizer> Plan, EquatableArray<ParameterGroup> Groups) Plan(LayerGraph graph)
    {
        var declaration = graph.Declaration!;
        var plan = new List<PlannedRegularizer>();
        var groups = new GroupList();
        foreach (var block in graph.Blocks)
        {
            for (var i = 0; i < block.Layers.Count; i++)
            {
                var placed = block.Layers[i];
                PlanLayer(placed, placed.Layer.Provenance, block.Fusion.TextAt(i), plan);
                PlanParameters(block, placed, plan, groups);
            }
        }

        PlanCode(graph, declaration.Regularizers.Effective(), plan);
        foreach (var part in declaration.Parts.Where(part => part.Kind != PartKind.Buffer))
        {
            PlanTreatments(part.StateName, declaration.TreatmentsOf(part), plan);
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

    /// <summary>What a hand-written model does for regularization in its forward. What its optimizer does is another program's.</summary>
    public static EquatableArray<PlannedRegularizer> PlanHandWritten(LayerGraph graph)
    {
        var plan = new List<PlannedRegularizer>();
        PlanCode(graph, WeightRegularizers.None, plan);
        return plan.ToEquatableArray();
    }

    /// <summary>The modules that hand-written code holds, and the functions that it calls.</summary>
    private static void PlanCode(LayerGraph graph, WeightRegularizers regularizers, List<PlannedRegularizer> plan)
    {
        foreach (var part in graph.Parts)
        {
            PlanLayer(part, Provenance.Code, fused: "", plan);
            var neverLearns = graph.Declaration?.NeverLearns(part.Path) == true;
            foreach (var parameter in part.Parameters.Where(parameter => parameter.Role == ParameterRole.Weight))
            {
                PlanStep($"{part.Path}.{parameter.Name}", regularizers, plan, neverLearns);
            }

            if (part.Layer is StackLayer)
            {
                PlanStep(LayerNaming.Join(part.Path, "*"), regularizers, plan, neverLearns);
            }
        }

        foreach (var opaque in graph.OpaqueParts)
        {
            // Which of its parameters are weights is told at run time.
            PlanStep(LayerNaming.Join(opaque, "*"), regularizers, plan, graph.Declaration?.NeverLearns(opaque) == true);
        }

        // A function has no path: that of the module whose forward calls it, or the forward itself.
        var functions = graph.Nodes.Where(node => node.Block < 0 && node.Operation is not GraphOperation.Apply { Path.Length: > 0 })
            .SelectMany(node => node.Operation.Regularizers.Select(regularizer => new PlannedRegularizer(
                node.Owner.Length == 0 ? "forward" : node.Owner,
                regularizer.Kind,
                regularizer.Strength,
                Provenance.Code)));
        plan.AddRange(functions.Distinct().Where(entry => !plan.Contains(entry)));
    }

    private static void PlanLayer(PlacedLayer placed, Provenance provenance, string fused, List<PlannedRegularizer> plan)
    {
        foreach (var regularizer in placed.Layer.Regularizers)
        {
            plan.Add(new PlannedRegularizer(placed.Path, regularizer.Kind, regularizer.Strength, provenance, fused));
        }

        if (placed.Layer is StackLayer { Model: { } model, IsNumbered: var isNumbered })
        {
            // The items differ in nothing but their position; their plan is listed once.
            foreach (var entry in GraphBuilder.Inside(model).Plan)
            {
                plan.Add(entry with { Where = LayerNaming.Join(placed.Path, (isNumbered ? "*." : "") + entry.Where), IsOfModelInside = true });
            }
        }
    }

    private static void PlanParameters(Block block, PlacedLayer placed, List<PlannedRegularizer> plan, GroupList groups)
    {
        var (frozen, rate) = (block.Regularizers[RegularizationKind.Frozen], block.Regularizers[RegularizationKind.LearningRate]);
        if (placed.Layer is StackLayer || placed.Parameters.Any())
        {
            PlanTreatments(placed.Path, block.Regularizers, plan);
        }

        foreach (var parameter in block.ParametersOf(placed))
        {
            var reference = new ParameterReference(block.Declaration.MethodName, placed.Name, parameter.Name);
            if (parameter.Role == ParameterRole.Other)
            {
                groups.Add(WeightRegularizers.None, frozen, rate, transposedGroups: null, inherits: false, reference);
                continue;
            }

            // A table is regularized only if its own block says so.
            var regularizers = parameter.Role == ParameterRole.Table ? block.Declaration.Regularizers.Effective() : block.Regularizers;
            groups.Add(regularizers, frozen, rate, parameter.TransposedGroups, inherits: parameter.Role == ParameterRole.Weight, reference);
            var where = placed.PathOf(parameter);
            PlanStep(where, regularizers, plan, frozen is { FreezesForGood: true });
            foreach (var entry in regularizers.Entries.Where(entry => placed.CanBeReparametrized && RegularizerCatalogue.Of(entry.Kind) is Reparametrization))
            {
                Add(plan, where, entry);
            }
        }

        if (placed.Layer is StackLayer)
        {
            // Its items sort their own parameters; what this block says is what they fall back to.
            PlanStep(LayerNaming.Join(placed.Path, "*"), block.Regularizers, plan, frozen is { FreezesForGood: true });
        }
    }

    /// <summary>What happens to all parameters of a layer or part.</summary>
    private static void PlanTreatments(string where, WeightRegularizers regularizers, List<PlannedRegularizer> plan)
    {
        foreach (var entry in regularizers.Entries.Where(entry => RegularizerCatalogue.Of(entry.Kind) is ParameterTreatment))
        {
            Add(plan, where, entry);
        }
    }

    /// <summary>What happens to a weight in the optimizer step and in the objective; to one that never learns nothing, which the plan says.</summary>
    private static void PlanStep(string where, WeightRegularizers regularizers, List<PlannedRegularizer> plan, bool neverLearns = false)
    {
        foreach (var entry in regularizers.Entries.Where(entry => RegularizerCatalogue.Of(entry.Kind) is not (Reparametrization or ParameterTreatment)))
        {
            if (neverLearns && entry.Kind != RegularizationKind.Pruned)
            {
                plan.Add(new PlannedRegularizer(where, entry.Kind, new Strength(Rate.Zero), Provenance.Derived));
                continue;
            }

            Add(plan, where, entry);
        }
    }

    private static void Add(List<PlannedRegularizer> plan, string where, DeclaredRegularizer declared) =>
        plan.Add(new PlannedRegularizer(where, declared.Kind, declared.Strength, declared.Provenance));

    /// <summary>Groups in order of first use; parameters that the optimizer treats alike share one.</summary>
    private sealed class GroupList
    {
        public const string Others = "biases, norms and embeddings";

        private readonly List<(string Key, ParameterGroup Group, List<ParameterReference> Parameters)> _groups = [];

        public bool HasOthers => _groups.Any(group => group.Group.Name.EndsWith(Others, StringComparison.Ordinal));

        public void Add(
            WeightRegularizers regularizers,
                DeclaredRegularizer? frozen,
                DeclaredRegularizer? rate,
                Dim? transposedGroups,
                bool inherits,
                ParameterReference parameter)
        {
            if (frozen is { FreezesForGood: true })
            {
                // It may be pruned, and nothing else happens to it.
                (regularizers, rate, transposedGroups, inherits) = (regularizers.Without(entry => entry.Kind != RegularizationKind.Pruned), null, null, false);
            }

            var strengths = OfGroup(regularizers).Select(item => $"{item.Entry.Kind} {item.Entry.Strength.Value.CSharp} {item.Entry.Strength.Also?.Text}");
            var key = $"{string.Join("|", strengths)} {transposedGroups} {inherits} {frozen?.Strength.Text} {rate?.Strength.Value.CSharp}";
            var index = _groups.FindIndex(group => group.Key == key);
            if (index < 0)
            {
                index = _groups.Count;
                var name = Name(regularizers, frozen, rate, inherits);
                _groups.Add((key, new ParameterGroup(name, regularizers, transposedGroups, inherits, default) { LearningRate = rate?.Strength.Value }, []));
            }

            _groups[index].Parameters.Add(parameter);
        }

        public EquatableArray<ParameterGroup> ToEquatableArray() =>
            _groups.Select(group => group.Group with { Parameters = group.Parameters.ToEquatableArray() }).ToEquatableArray();

        private static string Name(WeightRegularizers regularizers, DeclaredRegularizer? frozen, DeclaredRegularizer? rate, bool inherits)
        {
            string[] treatments =
            [
                .. frozen is null ? Array.Empty<string>() : [frozen.FreezesForGood ? "frozen" : $"frozen {frozen.Strength.Text}"],
                .. rate is null ? Array.Empty<string>() : [$"learning rate {rate.Strength.Text}"],
            ];
            var parts = OfGroup(regularizers).Select(item => item.Regularizer.GroupName).ToList();
            string[] kind = parts.Count > 0 ? [.. parts] : frozen is { FreezesForGood: true } ? [] : [inherits ? "weights" : Others];
            return string.Join(", ", treatments.Concat(kind));
        }

        private static IEnumerable<(DeclaredRegularizer Entry, GroupRegularizer Regularizer)> OfGroup(WeightRegularizers regularizers) =>
            regularizers.Entries.Select(entry => (entry, RegularizerCatalogue.Of(entry.Kind) as GroupRegularizer)).Where(item => item.Item2 is not null)!;
    }
}
