using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Generators.Emission;

/// <summary>Writes what a model says about its regularization: the plan, the parameter groups, the loss, the gradient clip, the training.</summary>
internal sealed class RegularizationEmitter(ModelScope scope, CodeWriter code)
{
    private const string Group = $"{TorchNames.SourceNet}.RegularizedGroup";
    private const string Regularization = $"{TorchNames.SourceNet}.WeightRegularization";
    private const string Plan = $"{TorchNames.SourceNet}.RegularizationPlan";

    private ModelDeclaration Declaration => scope.Graph.Declaration;

    public void Emit()
    {
        EmitPlan();
        if (!scope.IsWritten("ParameterGroups"))
        {
            EmitGroups();
        }

        if (!scope.IsWritten("Loss"))
        {
            EmitLoss();
        }

        if (Declaration.GradientClip is { } clip && !scope.IsWritten("GradientClip"))
        {
            code.Line();
            code.Line("/// <inheritdoc/>");
            code.Line(ModelEmitter.GeneratedCode);
            code.Line($"protected override {TorchNames.SourceNet}.GradientClip? GradientClip => new({scope.InMethod(clip.Strength, "gradient_clip")});");
        }

        if (Declaration.Training.Count > 0 && !scope.IsWritten("DeclaredTraining"))
        {
            EmitTraining();
        }
    }

    private void EmitTraining()
    {
        const string Training = $"{TorchNames.SourceNet}.DeclaredTraining";
        var members = Declaration.Training.Select(training => training.Kind switch
        {
            "Ema" => $"EmaDecay = {scope.InMethod(training.Rule.Strength, "ema_decay")}",
            "Swa" => $"SwaFrom = {scope.InMethod(training.Rule.Strength, "swa_from")}",
            "Sam" => $"SamRho = {scope.InMethod(training.Rule.Strength, "sam_rho")}",
            "RDrop" => $"RDrop = {scope.InMethod(training.Rule.Strength, "r_drop")}",
            "MixUp" => $"MixUp = {scope.InMethod(training.Rule.Strength, "mix_up")}",
            "CutMix" => $"CutMix = {scope.InMethod(training.Rule.Strength, "cut_mix")}",
            _ => $"EarlyStoppingPatience = {training.Rule.Strength.Text}",
        });
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line(ModelEmitter.GeneratedCode);
        code.Line($"public override {Training} DeclaredTraining => new() {{ {string.Join(", ", members)} }};");
    }

    private void EmitPlan()
    {
        const string Instance = "RegularizationPlan";
        if (scope.IsWritten("Plan"))
        {
            EmitPlan($"public override {Plan} {Instance}", "<inheritdoc/>");
            return;
        }

        EmitPlan($"public static {Plan} Plan", "<summary>Every regularizer of this model: where it acts, what it is, how strong, and who said so.</summary>");
        if (!scope.IsWritten(Instance))
        {
            code.Line();
            code.Line("/// <inheritdoc/>");
            code.Line(ModelEmitter.GeneratedCode);
            code.Line($"public override {Plan} {Instance} => Plan;");
        }
    }

    private void EmitPlan(string head, string documentation)
    {
        code.Line();
        code.Line($"/// {documentation}");
        code.Line(ModelEmitter.GeneratedCode);
        if (scope.Graph.Plan.Count == 0)
        {
            code.Line($"{head} => {Plan}.Empty;");
            return;
        }

        code.Line($"{head} {{ get; }} = new(");
        code.Line("[");
        foreach (var entry in scope.Graph.Plan)
        {
            var fused = entry.Fused.Length > 0 ? $", {ModelEmitter.Literal(entry.Fused)}" : "";
            code.Indented($"new({ModelEmitter.Literal(entry.Where)}, {TorchNames.SourceNet}.RegularizationKind.{entry.Kind}, {ModelEmitter.Literal(entry.Strength)}, {TorchNames.SourceNet}.Provenance.{entry.Provenance}{fused}),");
        }

        code.Line("]);");
    }

    private void EmitGroups()
    {
        var groups = Groups().ToList();
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line(ModelEmitter.GeneratedCode);
        code.Line($"public override {TorchNames.ReadOnlyList}<{Group}> ParameterGroups({Regularization}? inherited = null) =>");
        if (groups.Count == 0)
        {
            code.Indented("[];");
            return;
        }

        code.Line("[");
        foreach (var (group, parameters) in groups)
        {
            if (parameters.Count == 0)
            {
                code.Indented($"{group},");
                continue;
            }

            code.Indented($"{group},");
            code.Indented("[");
            foreach (var parameter in parameters)
            {
                code.Indented($"    {parameter},");
            }

            code.Indented("]),");
        }

        code.Line("];");
    }

    /// <summary>The elements of the list; a group of this model's own layers with its parameters, which close it.</summary>
    private IEnumerable<(string Group, IReadOnlyList<string> Parameters)> Groups()
    {
        var written = new HashSet<string>(scope.Blocks.Select(block => block.Declaration.MethodName));
        foreach (var group in scope.Graph.Groups)
        {
            var parameters = group.Parameters.Where(parameter => written.Contains(parameter.Block)).Select(Parameter).ToList();
            if (parameters.Count > 0)
            {
                var rules = group.Inherits ? Inheriting(group.Rules)
                    : IsEmpty(group.Rules) ? $"{Regularization}.None"
                    : Rules(group.Rules);
                if (group.TransposedGroups is { } groups)
                {
                    rules = $"{(IsEmpty(group.Rules) ? $"({rules})" : rules)}.OnUnits(1{(groups.Constant == 1 ? "" : $", groups: {scope.InMethod(groups, "groups")}")})";
                }

                yield return ($"new({ModelEmitter.Literal(group.Name)}, {rules}", parameters);
            }
        }

        foreach (var block in scope.Blocks)
        {
            foreach (var placed in block.Layers.Where(placed => placed.Layer is StackLayer))
            {
                var rules = IsEmpty(block.Rules) ? "inherited" : Rules(block.Rules) + ".Or(inherited)";
                yield return ($".. {Group}.Within({ModelEmitter.Literal(placed.Path)}, {scope.Field(block, placed)}.ParameterGroups({rules}))", []);
            }
        }

        foreach (var part in Declaration.Parts.Where(part => part.Kind != PartKind.Buffer))
        {
            var rules = Inheriting(Declaration.Rules.Effective());
            var name = ModelEmitter.Literal(part.StateName);
            var groups = part.Kind switch
            {
                PartKind.Modules => $".. {Group}.OfAll({name}, this.{part.Member}, {rules})",
                PartKind.Nested => $".. {Group}.OfAll({scope.PartModules(part)}(), {rules})",
                PartKind.Parameter when part.IsNullable => $".. {Group}.OfOptional({name}, this.{part.Member})",
                PartKind.Parameter => $"new({name}, {Regularization}.None, [this.{part.Member}])",
                _ => $".. {Group}.Of({name}, this.{part.Member}, {rules})",
            };
            yield return (groups, []);
        }
    }

    /// <summary>A parameter as a member of its layer's field, or of the transform that took the layer's weight apart.</summary>
    private string Parameter(ParameterReference reference)
    {
        if (reference.Member == "magnitude")
        {
            return $"{scope.Field(reference.Block, reference.Layer, "weight_norm")}.magnitude";
        }

        var layer = scope.Blocks.First(block => block.Declaration.MethodName == reference.Block).Layers.First(placed => placed.Name == reference.Layer).Layer;
        if (layer is EmbeddingLayer)
        {
            return scope.EmbeddingWeight(reference.Block, reference.Layer);
        }

        // TorchSharp declares these as nullable; here they were created.
        var isNullable = reference.Member.EndsWith("bias", StringComparison.Ordinal) || layer is NormLayer { Function: NormKind.RMS };
        return $"{scope.Field(reference.Block, reference.Layer)}.{reference.Member}{(isNullable ? "!" : "")}";
    }

    private string Inheriting(WeightRules rules) => IsEmpty(rules)
        ? $"inherited ?? {Regularization}.None"
        : $"{Rules(rules)}.Or(inherited)";

    private static bool IsEmpty(WeightRules rules) =>
        (rules.WeightDecay ?? rules.L1 ?? rules.L2 ?? rules.MaxNorm ?? rules.UnitNorm ?? rules.NonNegative ?? rules.Orthogonal) is null;

    private string Rules(WeightRules rules)
    {
        var constraint = $"{TorchNames.SourceNet}.WeightConstraint";
        var constraints = new List<string>();
        if (rules.MaxNorm is { } maximum)
        {
            constraints.Add($"{constraint}.MaxNorm({scope.InMethod(maximum.Strength, "max_norm")})");
        }

        if (rules.UnitNorm is not null)
        {
            constraints.Add($"{constraint}.UnitNorm()");
        }

        if (rules.NonNegative is not null)
        {
            constraints.Add($"{constraint}.NonNegative");
        }

        if (rules.Orthogonal is not null)
        {
            constraints.Add($"{constraint}.Orthogonal()");
        }

        var members = new List<string>();
        Add("WeightDecay", rules.WeightDecay, "weight_decay");
        Add("L1", rules.L1, "l1");
        Add("L2", rules.L2, "l2");
        if (constraints.Count > 0)
        {
            members.Add($"Constraint = {(constraints.Count == 1 ? constraints[0] : $"{constraint}.All({string.Join(", ", constraints)})")}");
        }

        return $"new {Regularization} {{ {string.Join(", ", members)} }}";

        void Add(string member, Rule? rule, string name)
        {
            if (rule is not null)
            {
                members.Add($"{member} = {scope.InMethod(rule.Strength, name)}");
            }
        }
    }

    private void EmitLoss()
    {
        var smoothing = Declaration.LabelSmoothing is { Strength.IsZero: false } rule ? $", labelSmoothing: {scope.InMethod(rule.Strength, "label_smoothing")}" : "";
        var function = Declaration.Objective == ObjectiveKind.CrossEntropy && PredictsSequence() ? "SequenceCrossEntropy" : Declaration.Objective.ToString();
        var objective = $"{TorchNames.SourceNet}.Objectives.{function}(logits, targets{(Declaration.Objective == ObjectiveKind.CrossEntropy ? smoothing : "")})";
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line(ModelEmitter.GeneratedCode);
        var head = $"public override {TorchNames.Tensor} Loss({TorchNames.Tensor} logits, {TorchNames.Tensor} targets)";
        if (!MayHavePenalty())
        {
            code.Line($"{head} =>");
            code.Indented($"{objective};");
            return;
        }

        code.Open(head);
        code.Line($"using var scope = {TorchNames.Scope}();");
        code.Line($"var objective = {objective};");
        code.Line($"var penalty = {TorchNames.SourceNet}.Penalties.L2(ParameterGroups());");
        code.Line("return (objective + penalty).MoveToOuterDisposeScope();");
        code.Close();
    }

    /// <summary>Whether the classes are the last axis of a sequence of predictions, where cross-entropy wants them on axis 1.</summary>
    private bool PredictsSequence()
    {
        var output = scope.Graph.Output.IsKnown ? scope.Graph.Output
            : scope.Graph.Blocks.LastOrDefault(block => block.Declaration.IsOutput)?.Output ?? Shape.Unknown;
        return output is { IsKnown: true, Rank: > 1, Layout: Layout.FeaturesLast };
    }

    /// <summary>Whether a weight has an L2 penalty, or a model inside that cannot be looked into may have one.</summary>
    private bool MayHavePenalty() =>
        scope.Graph.Plan.Any(entry => entry.Kind == "L2")
        || Declaration.Rules.L2 is { Strength.IsZero: false } && Declaration.Parts.Count > 0
        || scope.Graph.Blocks.Any(block => block.Layers.Any(placed => placed.Layer is StackLayer { Model: null }));
}
