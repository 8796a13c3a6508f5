using System.Globalization;
using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Regularizers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Generators.Emission;

/// <summary>Writes what a model says about its regularization: the plan, the parameter groups, the loss, the gradient clip, the training.</summary>
internal sealed class RegularizationEmitter(ModelScope scope, CodeWriter code)
{
    private const string Group = $"{TorchNames.SourceNet}.RegularizedGroup";
    private const string Regularization = $"{TorchNames.SourceNet}.WeightRegularization";
    private const string LearningRateName = "learning_rate_factor";
    private const string Plan = $"{TorchNames.SourceNet}.RegularizationPlan";

    private ModelDeclaration Declaration => scope.Declaration;

    public void Emit()
    {
        EmitPlan();
        if (!scope.IsWritten("ParameterGroups"))
        {
            EmitGroups();
        }

        new LossEmitter(scope, code).Emit(MayHavePenalty());

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
        where T : Regularizer =>
            regularizers.Select(declared => (declared, RegularizerCatalogue.Of(declared.Kind) as T)).Where(item => item.Item2 is not null)!;

    /// <summary>A strength as an expression that may stand in a method; where it needs a field, that has the member's name.</summary>
    private string InMethod(DeclaredRegularizer declared, string member) => scope.InMethod(declared.Strength.Value, Naming.SnakeCase(member));

    private void EmitTraining()
    {
        const string Training = $"{TorchNames.SourceNet}.DeclaredTraining";
        var members = Declared<TrainingTechnique>().Select(item =>
            $"{item.Regularizer.Member} = {(item.Regularizer.IsWhole ? item.Declared.Strength.Text : InMethod(item.Declared, item.Regularizer.Member))}"
            + (item.Declared.IsSettingOn ? "" : $", {item.Regularizer.Setting!.Member} = false"));
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
            code.Indented(
                $"new({ModelEmitter.Literal(entry.Where)}, {kind}, {ModelEmitter.Literal(entry.Strength.Text)}, "
                    + $"{TorchNames.SourceNet}.Provenance.{entry.Provenance}{fused}),");
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
        foreach (var (group, parameters, end) in groups)
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

            code.Indented($"]){end},");
        }

        code.Line("];");
    }

    /// <summary>The elements of the list; a group of this model's own layers with its parameters, which close it.</summary>
    private IEnumerable<(string Group, IReadOnlyList<string> Parameters, string End)> Groups()
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

                yield return (
                    $"new({ModelEmitter.Literal(group.Name)}, {regularization}",
                    parameters,
                    group.LearningRate is { } rate ? $" {{ LearningRateFactor = {scope.InMethod(rate, LearningRateName)} }}" : "");
            }
        }

        foreach (var block in scope.Blocks)
        {
            foreach (var placed in block.Layers.Where(placed => placed.Layer is StackLayer))
            {
                var made = IsEmpty(block.Regularizers) ? "inherited" : Made(block.Regularizers) + ".Or(inherited)";
                var groups = $"{Group}.Within({ModelEmitter.Literal(placed.Path)}, {scope.Field(block, placed)}.ParameterGroups({made}))";
                yield return ($".. {Treated(groups, block.Regularizers)}", [], "");
            }
        }

        foreach (var part in Declaration.Parts.Where(part => part.Kind != PartKind.Buffer))
        {
            var regularization = Inheriting(Declaration.Regularizers.Effective());
            var name = ModelEmitter.Literal(part.StateName);
            var treatments = Declaration.TreatmentsOf(part);
            if (part is { Kind: PartKind.Parameter, IsNullable: false } && treatments.Entries.Count == 0)
            {
                yield return ($"new({name}, {Regularization}.None, [this.{part.Member}])", [], "");
                continue;
            }

            var groups = part.Kind switch
            {
                PartKind.Modules => $"{Group}.OfAll({name}, this.{part.Member}, {regularization})",
                PartKind.Nested => $"{Group}.OfAll({scope.PartModules(part)}(), {regularization})",
                PartKind.Parameter => $"{Group}.OfOptional({name}, this.{part.Member})",
                _ => $"{Group}.Of({name}, this.{part.Member}, {regularization})",
            };
            yield return ($".. {Treated(groups, treatments)}", [], "");
        }
    }

    /// <summary>The groups of a part, frozen and at a learning rate of their own as it is declared.</summary>
    private string Treated(string groups, WeightRegularizers regularizers)
    {
        if (regularizers[RegularizationKind.LearningRate] is { } rate)
        {
            groups = $"{Group}.AtLearningRate({scope.InMethod(rate.Strength.Value, LearningRateName)}, {groups})";
        }

        return regularizers[RegularizationKind.Frozen] is { } frozen ? $"{Group}.Frozen({FrozenParts.UntilEpoch(frozen)}, {groups})" : groups;
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
        var members = Of<WeightPenalty>(regularizers.Entries).SelectMany(item => Members(item.Declared, item.Regularizer)).ToList();
        if (constraints.Count > 0)
        {
            members.Add($"Constraint = {(constraints.Count == 1 ? constraints[0] : $"{Constraint}.All({string.Join(", ", constraints)})")}");
        }

        return $"new {Regularization} {{ {string.Join(", ", members)} }}";
    }

    private IEnumerable<string> Members(DeclaredRegularizer declared, WeightPenalty penalty)
    {
        yield return $"{penalty.Member} = {InMethod(declared, penalty.Member)}";
        if (penalty.AlsoMember is { } member && declared.Strength.Also is { } also)
        {
            yield return $"{member} = {also.Value.Text}";
        }
    }

    /// <summary>Whether a weight has an L2 penalty, or a model inside that cannot be looked into may have one.</summary>
    private bool MayHavePenalty() =>
        scope.Graph.Plan.Any(entry => IsPenaltyOfLoss(entry.Kind))
        || (Declaration.Regularizers.Entries.Any(entry => IsPenaltyOfLoss(entry.Kind) && !entry.Strength.IsZero) && Declaration.Parts.Count > 0)
        || scope.Graph.Blocks.Any(block => block.Layers.Any(placed => placed.Layer is StackLayer { Model: null }));

    private static bool IsPenaltyOfLoss(RegularizationKind kind) => RegularizerCatalogue.Of(kind) is WeightPenalty { Place: RegularizationPlace.Objective };
}
