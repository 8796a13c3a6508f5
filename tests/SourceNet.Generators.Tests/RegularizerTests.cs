using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Regularizers;
using Kind = SourceNet.Modeling.RegularizationKind;

namespace SourceNet.Generators.Tests;

/// <summary>What the catalogue lists is not planned alone: generated code does it.</summary>
public class RegularizerTests
{
    /// <summary>Those that are no layers.</summary>
    public static TheoryData<Kind> Kinds => new(RegularizerCatalogue.All.Where(regularizer => regularizer is not LayerRegularizer).Select(regularizer => regularizer.Kind));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Generated_code_does_what_is_declared(Kind kind)
    {
        var regularizer = RegularizerCatalogue.Of(kind);
        var text = regularizer.Argument is StrengthArgument.Number { Range: var range } ? $"{regularizer.Attribute}({(range.Includes(0.5) ? "0.5" : "5")})" : regularizer.Attribute;

        Assert.DoesNotContain(Sign(regularizer), Generated(""), StringComparison.Ordinal);
        Assert.Contains(Sign(regularizer), Generated($", {text}"), StringComparison.Ordinal);
        if (regularizer.Off is { } off)
        {
            Assert.Equal(Generated(""), Generated($", {text}", off));
        }
    }

    /// <summary>What stands in generated code only where it is done.</summary>
    private static string Sign(Regularizer regularizer) => regularizer switch
    {
        WeightPenalty penalty => $" {penalty.Member} = 0.5",
        Modeling.Regularizers.WeightConstraint constraint => $"WeightConstraint.{constraint.Constraint("0.5")}",
        CompositeRegularizer => " WeightDecay = 0.25, L1 = 0.25 }",
        Reparametrization reparametrization => $"CompilerServices.{reparametrization.Module} ",
        LossRegularizer ofLoss => $", {ofLoss.Parameter}: 0.5)",
        GradientRegularizer ofGradients => $"{ofGradients.Class}? {ofGradients.Class} => new(0.5)",
        TrainingTechnique technique => $" {technique.Member} = {(technique.IsWhole ? "5" : "0.5")} ",
        _ => throw new InvalidOperationException($"{regularizer.Kind} is of no family that code is generated for."),
    };

    private static string Generated(string onClass, string onBlock = "")
    {
        var compilation = Compiler.Compile($$"""
            using SourceNet;
            using static TorchSharp.torch;
            [Model, Input(3){{onClass}}]
            public sealed partial class M
            {
                [Linear(4){{(onBlock.Length > 0 ? ", " + onBlock : "")}}] private partial Tensor Body(Tensor x);
            }
            """);
        var result = Compiler.Run(Compiler.Driver(), compilation, out var _, out var output);
        Assert.DoesNotContain(output.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return Assert.Single(result.GeneratedSources, source => source.HintName.StartsWith("M.", StringComparison.Ordinal)).SourceText.ToString();
    }
}
