using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Regularizers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Generators.Emission;

/// <summary>Writes what a model says about its regularization: the plan, the parameter groups, the loss, the gradient clip, the training.</summary>
internal sealed class RegularizationEmitter(ModelScope scope, CodeWriter code)
{
    private const string Group = $"{TorchNames.SourceNet}.RegularizedGroup";
    private const string Regularization = $"{TorchNames.SourceNet}.WeightRegularization";
    private const string Plan = $"{TorchNames.SourceNet}.RegularizationPlan";

    private ModelDeclaration Declaration => scope.Declaration;

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

        foreach (var (declared, gradients) in Declared<GradientRegularizer>().Where(item => !scope.IsWritten(item.Regularizer.Class)))
        {
            var property = gradients.Class;
            code.Line();
            code.Line("/// <inheritdoc/>");
            code.Line(ModelEmitter.GeneratedCode);
            code.Line($"protected override {TorchNames.SourceNet}.{property}? {property} => new({InMethod(declared, property)});");
        }

        if (Declared<TrainingTechnique>().Any() && !scope.IsWritten("DeclaredTraining"))
        {
            EmitTraining();
        }
    }

    private IEnumerable<(DeclaredRegularizer Declared, T Regularizer)> Declared<T>()
        where T : ClassRegularizer => Of<T>(Declaration.ModelRegularizers);

    private static IEnumerable<(DeclaredRegularizer Declared, T Regularizer)> Of<T>(IEnumerable<DeclaredRegularizer> regularizers)
        where T : Regularizer => regularizers.Select(declared => (declared, RegularizerCatalogue.Of(declared.Kind) as T)).Where(item => item.Item2 is not null)!;

    /// <summary>A strength as an expression that may stand in a method; where it needs a field, that has the member's name.</summary>
    private string InMethod(DeclaredRegularizer declared, string member) => scope.InMethod(declared.Strength.Value, Naming.SnakeCase(member));

    private void EmitTraining()
    {
        const string Training = $"{TorchNames.SourceNet}.DeclaredTraining";
        var members = Declared<TrainingTechnique>().Select(item =>
            $"{item.Regularizer.Member} = {(item.Regularizer.IsWhole ? item.Declared.Strength.Text : InMethod(item.Declared, item.Regularizer.Member))}");
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
            var kind = $"{TorchNames.SourceNet}.RegularizationKind.{entry.Kind}";
            code.Indented($"new({ModelEmitter.Literal(entry.Where)}, {kind}, {ModelEmitter.Literal(entry.Strength.Text)}, {TorchNames.SourceNet}.Provenance.{entry.Provenance}{fused}),");
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
                var regularization = group.Inherits ? Inheriting(group.Regularizers)
                    : IsEmpty(group.Regularizers) ? $"{Regularization}.None"
                    : Made(group.Regularizers);
                if (group.TransposedGroups is { } groups)
                {
                    var counted = groups.Constant == 1 ? "" : $", groups: {scope.InMethod(groups, "groups")}";
                    regularization = $"{(IsEmpty(group.Regularizers) ? $"({regularization})" : regularization)}.OnUnits(1{counted})";
                }

                yield return ($"new({ModelEmitter.Literal(group.Name)}, {regularization}", parameters);
            }
        }

        foreach (var block in scope.Blocks)
        {
            foreach (var placed in block.Layers.Where(placed => placed.Layer is StackLayer))
            {
                var made = IsEmpty(block.Regularizers) ? "inherited" : Made(block.Regularizers) + ".Or(inherited)";
                yield return ($".. {Group}.Within({ModelEmitter.Literal(placed.Path)}, {scope.Field(block, placed)}.ParameterGroups({made}))", []);
            }
        }

        foreach (var part in Declaration.Parts.Where(part => part.Kind != PartKind.Buffer))
        {
            var regularization = Inheriting(Declaration.Regularizers.Effective());
            var name = ModelEmitter.Literal(part.StateName);
            var groups = part.Kind switch
            {
                PartKind.Modules => $".. {Group}.OfAll({name}, this.{part.Member}, {regularization})",
                PartKind.Nested => $".. {Group}.OfAll({scope.PartModules(part)}(), {regularization})",
                PartKind.Parameter when part.IsNullable => $".. {Group}.OfOptional({name}, this.{part.Member})",
                PartKind.Parameter => $"new({name}, {Regularization}.None, [this.{part.Member}])",
                _ => $".. {Group}.Of({name}, this.{part.Member}, {regularization})",
            };
            yield return (groups, []);
        }
    }

    /// <summary>A parameter as a member of its layer's field, or of the transform that took the layer's weight apart.</summary>
    private string Parameter(ParameterReference reference)
    {
        if (reference.Member == LayerParameter.Magnitude)
        {
            return $"{scope.Field(reference.Block, reference.Layer, "weight_norm")}.magnitude";
        }

        var placed = scope.Blocks.First(block => block.Declaration.MethodName == reference.Block).Layers.First(placed => placed.Name == reference.Layer);
        if (placed.Layer is EmbeddingLayer)
        {
            return scope.EmbeddingWeight(reference.Block, reference.Layer);
        }

        // TorchSharp declares some as nullable; here they were created.
        var isNullable = placed.Parameters.First(parameter => parameter.Name == reference.Member).IsNullable;
        return $"{scope.Field(reference.Block, reference.Layer)}.{reference.Member}{(isNullable ? "!" : "")}";
    }

    private string Inheriting(WeightRegularizers regularizers) => IsEmpty(regularizers)
        ? $"inherited ?? {Regularization}.None"
        : $"{Made(regularizers)}.Or(inherited)";

    /// <summary>Whether nothing is said about a group of parameters.</summary>
    private static bool IsEmpty(WeightRegularizers regularizers) => !Of<GroupRegularizer>(regularizers.Entries).Any();

    private string Made(WeightRegularizers regularizers)
    {
        const string Constraint = $"{TorchNames.SourceNet}.WeightConstraint";
        var constraints = Of<WeightConstraint>(regularizers.Entries)
            .Select(item => $"{Constraint}.{item.Regularizer.Constraint(InMethod(item.Declared, item.Declared.Kind.ToString()))}").ToList();
        var members = Of<WeightPenalty>(regularizers.Entries).Select(item => $"{item.Regularizer.Member} = {InMethod(item.Declared, item.Regularizer.Member)}").ToList();
        if (constraints.Count > 0)
        {
            members.Add($"Constraint = {(constraints.Count == 1 ? constraints[0] : $"{Constraint}.All({string.Join(", ", constraints)})")}");
        }

        return $"new {Regularization} {{ {string.Join(", ", members)} }}";
    }

    private void EmitLoss()
    {
        var arguments = Declared<LossRegularizer>().Where(item => item.Regularizer.Objective == Declaration.Objective && !item.Declared.Strength.IsZero)
            .Select(item => $", {item.Regularizer.Parameter}: {InMethod(item.Declared, item.Declared.Kind.ToString())}");
        var function = Declaration.Objective == ObjectiveKind.CrossEntropy && PredictsSequence() ? "SequenceCrossEntropy" : Declaration.Objective.ToString();
        var objective = $"{TorchNames.SourceNet}.Objectives.{function}(logits, targets{string.Concat(arguments)})";
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
        scope.Graph.Plan.Any(entry => IsPenaltyOfLoss(entry.Kind))
        || (Declaration.Regularizers.Entries.Any(entry => IsPenaltyOfLoss(entry.Kind) && !entry.Strength.IsZero) && Declaration.Parts.Count > 0)
        || scope.Graph.Blocks.Any(block => block.Layers.Any(placed => placed.Layer is StackLayer { Model: null }));

    private static bool IsPenaltyOfLoss(RegularizationKind kind) => RegularizerCatalogue.Of(kind) is WeightPenalty { Place: RegularizationPlace.Objective };
}
