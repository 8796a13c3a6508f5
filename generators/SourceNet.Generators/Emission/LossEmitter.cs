using System.Globalization;
using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Regularizers;

namespace SourceNet.Generators.Emission;

/// <summary>Writes what a model loses: one objective of one output, or a sum over the outputs of a tuple; penalties on top.</summary>
internal sealed class LossEmitter(ModelScope scope, CodeWriter code)
{
    private const string Objectives = $"{TorchNames.SourceNet}.Objectives";
    private const string Penalty = $"{TorchNames.SourceNet}.Penalties.L2(ParameterGroups())";
    private const string Weights = $"{TorchNames.Tensor}? weights";

    private ModelDeclaration Declaration => scope.Declaration;

    /// <param name="hasPenalty">Whether a weight has a penalty that the loss adds.</param>
    public void Emit(bool hasPenalty)
    {
        if (Declaration.Signature is not { } signature)
        {
            if (!scope.IsWritten("Loss"))
            {
                Member();
                code.Line($"public override {TorchNames.Tensor} Loss({TorchNames.Tensor} logits, {TorchNames.Tensor} targets) => Loss(logits, targets, null);");
                Member();
                EmitOfOne($"public override {TorchNames.Tensor} Loss({TorchNames.Tensor} logits, {TorchNames.Tensor} targets, {Weights})", hasPenalty);
            }

            return;
        }

        EmitCalls(signature);
        if (!signature.GivesTuple)
        {
            if (!scope.IsWritten("Loss"))
            {
                Member("The objective with its label smoothing and penalties, as declared; a mean weighted by how much samples count.");
                EmitOfOne($"public {TorchNames.Tensor} Loss({TorchNames.Tensor} logits, {TorchNames.Tensor} targets, {Weights} = null)", hasPenalty);
            }

            EmitGlue(1, scope.IsWritten("Loss") ? null : "Loss(outputs[0], targets[0], weights)", []);
            return;
        }

        var targets = Declaration.Objectives.Where(objective => objective.TakesTarget).ToList();
        var isEmitted = Declaration.Objectives.Count > 0 && !scope.IsWritten("Loss");
        if (isEmitted)
        {
            EmitOfSeveral(signature, targets, hasPenalty);
        }

        var outputs = $"({string.Join(", ", signature.Outputs.Select((_, place) => $"outputs[{place}]"))})";
        var given = targets.Count switch
        {
            0 => "",
            1 => ", targets[0]",
            _ => $", ({string.Join(", ", targets.Select((_, place) => $"targets[{place}]"))})",
        };
        var names = signature.Outputs.Where(name => name.Length > 0).ToList();
        EmitGlue(targets.Count, isEmitted ? $"Loss({outputs}{given}, weights)" : null, names.Count == signature.Outputs.Count ? names : []);
    }

    private void Member(string? summary = null)
    {
        code.Line();
        code.Line(summary is null ? "/// <inheritdoc/>" : $"/// <summary>{summary}</summary>");
        code.Line(ModelEmitter.GeneratedCode);
    }

    /// <summary>TorchSharp's <c>call</c> has no optional parameters: the forward's are those of overloads.</summary>
    private void EmitCalls(ForwardSignature signature)
    {
        var needed = signature.Parameters.ToList().FindLastIndex(parameter => !parameter.HasDefault) + 1;
        for (var count = Math.Max(needed, 1); count < signature.Parameters.Count; count++)
        {
            var taken = signature.Parameters.Take(count).ToList();
            var types = string.Join(", ", taken.Select(parameter => $"{TorchNames.Tensor}{(parameter.MayBeNull ? "?" : "")} {parameter.Name}"));
            var given = string.Join(", ", taken.Select(parameter => parameter.Name).Concat(signature.Parameters.Skip(count).Select(_ => "null!")));
            Member("Calls the model without what may be left out.");
            code.Line($"public {signature.Result} call({types}) => call({given});");
        }
    }

    private void EmitGlue(int targets, string? loss, IEnumerable<string> names)
    {
        var list = $"{TorchNames.ReadOnlyList}<{TorchNames.Tensor}>";
        var quoted = string.Join(", ", names.Select(ModelEmitter.Literal));
        if (quoted.Length > 0)
        {
            Member();
            code.Line($"protected override {TorchNames.ReadOnlyList}<string> OutputNames => [{quoted}];");
        }

        if (targets != 1)
        {
            Member();
            code.Line($"protected override int TargetCount => {targets.ToString(CultureInfo.InvariantCulture)};");
        }

        var refusal = $"{Declaration.Type.Name} declares no loss: say [Objective(...)] on the class, for each output that is trained.";
        Member();
        code.Line($"protected override {TorchNames.Tensor} LossOf({list} outputs, {list} targets, {Weights}) =>");
        code.Indented($"{loss ?? $"throw new global::System.InvalidOperationException({ModelEmitter.Literal(refusal)})"};");
    }

    private void EmitOfOne(string head, bool hasPenalty)
    {
        var declared = Declaration.Objectives.FirstOrDefault();
        var settings = declared?.Settings ?? ObjectiveSettings.None;
        var kind = declared?.Kind ?? ObjectiveKind.CrossEntropy;
        var weights = KeptClassWeights(settings, "class_weights");
        var objective = Call(kind, settings, ["logits"], "targets", declared, weights is null ? null : "weight");
        if (!hasPenalty && weights is null)
        {
            code.Line($"{head} =>");
            code.Indented($"{objective};");
            return;
        }

        code.Open(head);
        if (weights is not null)
        {
            code.Line($"using var weight = {TorchNames.CompilerServices}.ClassWeights.For({weights}, logits);");
        }

        if (hasPenalty)
        {
            code.Line($"using var scope = {TorchNames.Scope}();");
            code.Line($"var objective = {objective};");
            code.Line($"var penalty = {Penalty};");
            code.Line($"return {TorchNames.Fused}.Add(objective, penalty).MoveToOuterDisposeScope();");
        }
        else
        {
            code.Line($"return {objective};");
        }

        code.Close();
    }

    private void EmitOfSeveral(ForwardSignature signature, List<DeclaredObjective> targets, bool hasPenalty)
    {
        var names = new NameTable([]);
        var ofTargets = targets.Select(objective => names.Take(objective.Of[0])).ToList();
        var parameter = targets.Count switch
        {
            0 => "",
            1 => $"{TorchNames.Tensor} targets, ",
            _ => $"({string.Join(", ", ofTargets.Select(name => $"{TorchNames.Tensor} {ModelEmitter.EscapeKeyword(name)}"))}) targets, ",
        };
        Member("The sum of the objectives, each as often as it counts, with penalties as declared; means weighted by how much samples count.");
        code.Open($"public {TorchNames.Tensor} Loss({signature.Result} outputs, {parameter}{Weights} = null)");
        code.Line($"using var scope = {TorchNames.Scope}();");
        var terms = new List<string>();
        foreach (var objective in Declaration.Objectives)
        {
            var member = $"{Naming.SnakeCase(objective.Of[0])}_class_weights";
            string? ofClasses = null;
            if (KeptClassWeights(objective.Settings, member) is { } kept)
            {
                ofClasses = $"weight{terms.Count.ToString(CultureInfo.InvariantCulture)}";
                code.Line($"var {ofClasses} = {TorchNames.CompilerServices}.ClassWeights.For({kept}, outputs.{ModelEmitter.EscapeKeyword(objective.Of[0])});");
            }

            var target = !objective.TakesTarget ? null
                : targets.Count == 1 ? "targets"
                : $"targets.{ModelEmitter.EscapeKeyword(ofTargets[targets.IndexOf(objective)])}";
            var outputs = objective.Of.Select(name => $"outputs.{ModelEmitter.EscapeKeyword(name)}");
            var call = Call(objective.Kind, objective.Settings, outputs, target, objective, ofClasses);
            terms.Add($"({call}, {scope.InMethod(objective.Weight, Naming.SnakeCase(objective.Of[0]) + "_weight")})");
        }

        if (hasPenalty)
        {
            terms.Add($"({Penalty}, 1)");
        }

        code.Line($"return {TorchNames.CompilerServices}.WeightedSum.Of(");
        for (var i = 0; i < terms.Count; i++)
        {
            code.Indented($"{terms[i]}{(i == terms.Count - 1 ? ").MoveToOuterDisposeScope();" : ",")}");
        }

        code.Close();
    }

    private string Call(
        ObjectiveKind kind, ObjectiveSettings settings, IEnumerable<string> outputs, string? target, DeclaredObjective? objective, string? classWeights)
    {
        var function = kind == ObjectiveKind.CrossEntropy && ObjectiveChecks.PredictsSequence(scope.Graph, objective)
            ? "SequenceCrossEntropy"
            : kind.ToString();
        var compared = target is null ? outputs : outputs.Append(target);
        return $"{Objectives}.{function}({string.Join(", ", compared.Concat(Arguments(kind, settings, classWeights)).Append("sampleWeight: weights"))})";
    }

    /// <summary>The arguments of the objective beside what it compares, by name.</summary>
    private IEnumerable<string> Arguments(ObjectiveKind kind, ObjectiveSettings settings, string? classWeights)
    {
        foreach (var declared in Declaration.ModelRegularizers)
        {
            if (RegularizerCatalogue.Of(declared.Kind) is LossRegularizer ofLoss && ofLoss.Objective == kind && !declared.Strength.IsZero)
            {
                yield return $"{ofLoss.Parameter}: {scope.InMethod(declared.Strength.Value, Naming.SnakeCase(declared.Kind.ToString()))}";
            }
        }

        if (settings.IgnoreIndex is { } index)
        {
            yield return $"ignoreIndex: {index.ToString(CultureInfo.InvariantCulture)}L";
        }

        if (classWeights is not null)
        {
            yield return $"weight: {classWeights}";
        }

        if (settings.PositiveWeight is { } positive)
        {
            yield return $"positiveWeight: {scope.InMethod(positive, "positive_weight")}";
        }

        if (settings.Gamma is { IsZero: false } gamma)
        {
            yield return $"gamma: {scope.InMethod(gamma, "gamma")}";
        }
    }

    /// <summary>The field that keeps the weights of classes; null without any.</summary>
    private string? KeptClassWeights(ObjectiveSettings settings, string member) => settings.ClassWeights is not { } weights ? null
        : scope.Keep(
            "double[]",
            weights.Parameter is { } parameter
                ? $"{TorchNames.CompilerServices}.ClassWeights.Checked({parameter})"
                : $"[{string.Join(", ", weights.Numbers.Select(number => Rate.Of(number).CSharp))}]",
            member);
}
