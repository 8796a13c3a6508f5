using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Regularizers;
using Kind = SourceNet.Modeling.RegularizationKind;

namespace SourceNet.Generators.Tests;

/// <summary>What the catalogue lists is not planned alone: generated code does it.</summary>
public class RegularizerTests
{
    /// <summary>Those that are no layers.</summary>
    public static TheoryData<Kind> Kinds =>
        new(RegularizerCatalogue.All.Where(regularizer => regularizer is not LayerRegularizer).Select(regularizer => regularizer.Kind));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Generated_code_does_what_is_declared(Kind kind)
    {
        var regularizer = RegularizerCatalogue.Of(kind);
        var text = regularizer.Argument is StrengthArgument.Number { Range: var range }
            ? $"{regularizer.Attribute}({(range.Includes(0.5) ? "0.5" : "5")})"
            : regularizer.Attribute;

        Assert.DoesNotContain(Sign(regularizer), Generated(""), StringComparison.Ordinal);
        Assert.Contains(Sign(regularizer), Generated($", {text}"), StringComparison.Ordinal);
        if (regularizer.Off is { } off)
        {
            Assert.Equal(Generated(""), Generated($", {text}", off));
        }
    }

    [Theory]
    [InlineData("Ema(WarmUp = false)", "EmaDecay = 0.999, EmaWarmUp = false }")]
    [InlineData("Ema(0.9)", "EmaDecay = 0.9 }")]
    [InlineData("Pruned(0.5, FromEpoch = 3)", "Sparsity = 0.5, SparsityFromEpoch = 3 }")]
    [InlineData("Frozen(UntilEpoch = 3)", "layers.Freeze(\"body\", 3, [body_linear]);")]
    [InlineData("Frozen, WeightDecay(0.1)", "new(\"frozen\", global::SourceNet.WeightRegularization.None,")]
    [InlineData(
        "Objective(ObjectiveKind.CrossEntropy, IgnoreIndex = 0, Gamma = 2), LabelSmoothing(0.1)",
        "CrossEntropy(logits, targets, labelSmoothing: 0.1, ignoreIndex: 0L, gamma: 2.0, sampleWeight: weights);")]
    [InlineData(
        "Objective(ObjectiveKind.CrossEntropy, ClassWeights = new[] { 1, 0.5, 2, 0 })",
        "private readonly double[] class_weights = [1.0, 0.5, 2.0, 0.0];")]
    [InlineData(
        "Objective(ObjectiveKind.BinaryCrossEntropy, PositiveWeight = 3, Gamma = 1.5)",
        "BinaryCrossEntropy(logits, targets, positiveWeight: 3.0, gamma: 1.5, sampleWeight: weights);")]
    public void Settings_are_written_too(string onClass, string expected) => Assert.Contains(expected, Generated($", {onClass}"), StringComparison.Ordinal);

    [Fact]
    public void Weights_of_classes_are_kept_from_the_constructor()
    {
        var text = Generated(", Objective(ObjectiveKind.CrossEntropy, ClassWeights = nameof(weights))", parameters: "(IReadOnlyList<double> weights)");

        Assert.Contains(
            "private readonly double[] class_weights = global::SourceNet.CompilerServices.ClassWeights.Checked(weights);",
            text,
            StringComparison.Ordinal);
        Assert.Contains("using var weight = global::SourceNet.CompilerServices.ClassWeights.For(class_weights, logits);", text, StringComparison.Ordinal);
        Assert.Contains(
            "return global::SourceNet.Objectives.CrossEntropy(logits, targets, weight: weight, sampleWeight: weights);", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_are_frozen_and_slowed()
    {
        var compilation = Compiler.Compile("""
            using SourceNet;
            using TorchSharp.Modules;
            using static TorchSharp.torch;
            [Model, Input(3)]
            public sealed partial class M(double slow)
            {
                [Frozen] private readonly Linear one = nn.Linear(3, 3);
                [Frozen(UntilEpoch = 2), LearningRate(nameof(slow))] private readonly Linear[] many = [nn.Linear(3, 3)];
                [Frozen] private readonly Dictionary<string, Linear> named = new() { ["a"] = nn.Linear(3, 3) };
                [Frozen] private Parameter scale = new(ones(3));
                [Frozen] private Parameter? shift = null;
                [Frozen(UntilEpoch = 4), LearningRate(0.5)] private readonly Other other = new();
                public override Tensor forward(Tensor input) => Body(other.call(named["a"].call(many[0].call(one.call(input)))) * scale);
                [Linear(4)] private partial Tensor Body(Tensor x);
            }
            [Model, Input(3)]
            public sealed partial class Other
            {
                [Linear(3)] private partial Tensor Body(Tensor x);
            }
            """);
        var result = Compiler.Run(Compiler.Driver(), compilation, out var _, out var output);
        Assert.DoesNotContain(output.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        var text = Assert.Single(result.GeneratedSources, source => source.HintName.StartsWith("M.", StringComparison.Ordinal)).SourceText.ToString();

        string[] expected =
        [
            "layers.Freeze(\"one\", null, [this.one]);", "layers.Freeze(\"many\", 2, this.many);",
            "layers.Freeze(\"named\", null, global::System.Linq.Enumerable.Select(",
            "layers.FreezeParameter(\"scale\", null);", "if (this.shift is not null)", "layers.Freeze(\"other\", 4, [this.other]);",
            ".. global::SourceNet.RegularizedGroup.Frozen(null, global::SourceNet.RegularizedGroup.Of(\"one\", this.one,",
            ".. global::SourceNet.RegularizedGroup.Frozen(2, global::SourceNet.RegularizedGroup.AtLearningRate(learning_rate_factor, "
                + "global::SourceNet.RegularizedGroup.OfAll(\"many\", this.many,",
            ".. global::SourceNet.RegularizedGroup.Frozen(null, global::SourceNet.RegularizedGroup.OfOptional(\"scale\", this.scale)),",
        ];
        Assert.All(expected, line => Assert.Contains(line, text, StringComparison.Ordinal));
    }

    /// <summary>What stands in generated code only where it is done.</summary>
    private static string Sign(Regularizer regularizer) => regularizer switch
    {
        WeightPenalty penalty => $" {penalty.Member} = 0.5",
        Modeling.Regularizers.WeightConstraint constraint => $"WeightConstraint.{constraint.Constraint("0.5")}",
        ParameterTreatment { Kind: Kind.LearningRate } => "LearningRateFactor = 0.5",
        ParameterTreatment { Kind: Kind.Frozen } => "layers.Freeze(\"body\", null, [body_linear]);",
        CompositeRegularizer => " WeightDecay = 0.25, L1 = 0.25 }",
        Reparametrization reparametrization => $"CompilerServices.{reparametrization.Module} ",
        LossRegularizer ofLoss => $", {ofLoss.Parameter}: 0.5, ",
        GradientRegularizer ofGradients => $"{ofGradients.Class}? {ofGradients.Class} => new(0.5)",
        TrainingTechnique technique => $" {technique.Member} = {(technique.IsWhole ? "5" : "0.5")} ",
        _ => throw new InvalidOperationException($"{regularizer.Kind} is of no family that code is generated for."),
    };

    private static string Generated(string onClass, string onBlock = "", string parameters = "")
    {
        var compilation = Compiler.Compile($$"""
            using SourceNet;
            using static TorchSharp.torch;
            [Model, Input(3){{onClass}}]
            public sealed partial class M{{parameters}}
            {
                [Linear(4){{(onBlock.Length > 0 ? ", " + onBlock : "")}}] private partial Tensor Body(Tensor x);
            }
            """);
        var result = Compiler.Run(Compiler.Driver(), compilation, out var _, out var output);
        Assert.DoesNotContain(output.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return Assert.Single(result.GeneratedSources, source => source.HintName.StartsWith("M.", StringComparison.Ordinal)).SourceText.ToString();
    }
}
