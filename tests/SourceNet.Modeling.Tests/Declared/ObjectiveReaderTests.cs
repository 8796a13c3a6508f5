using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Tests.Declared;

/// <summary>What <c>[Objective]</c> says beside its kind.</summary>
public class ObjectiveReaderTests
{
    [Fact]
    public void All_of_it_is_read()
    {
        var settings = Read("ObjectiveKind.CrossEntropy, IgnoreIndex = 0, ClassWeights = new[] { 1, 0.5 }, Gamma = \"g / 2\"").ObjectiveSettings;

        Assert.Equal((0L, "g / 2"), (settings.IgnoreIndex, settings.Gamma?.Text));
        Assert.Equal([1, 0.5], settings.ClassWeights!.Numbers);
        Assert.Null(settings.PositiveWeight);
        Assert.Equal("3", Read("ObjectiveKind.BinaryCrossEntropy, PositiveWeight = 3").ObjectiveSettings.PositiveWeight?.Text);
        Assert.Equal(ObjectiveSettings.None, Read("ObjectiveKind.Huber").ObjectiveSettings);
    }

    [Theory]
    [InlineData("double[] w")]
    [InlineData("IReadOnlyList<double> w")]
    [InlineData("List<double> w")]
    [InlineData("IEnumerable<double> w")]
    public void Weights_of_classes_may_be_a_parameter(string parameter)
    {
        var declaration = Read("ObjectiveKind.CrossEntropy, ClassWeights = nameof(w)", parameter);

        Assert.Equal("w", declaration.ObjectiveSettings.ClassWeights?.Parameter);
        Assert.Empty(declaration.Problems);
    }

    [Theory]
    [InlineData(
        "ObjectiveKind.Huber, IgnoreIndex = 0",
        "SN6020",
        "IgnoreIndex of [Objective] has no meaning here: it belongs to cross-entropy, the objective is Huber")]
    [InlineData(
        "ObjectiveKind.BinaryCrossEntropy, ClassWeights = new[] { 1.0, 2 }",
        "SN6020",
        "it belongs to cross-entropy, the objective is BinaryCrossEntropy")]
    [InlineData("ObjectiveKind.CrossEntropy, PositiveWeight = 2", "SN6020", "it belongs to binary cross-entropy")]
    [InlineData("ObjectiveKind.MeanSquaredError, Gamma = 2", "SN6020", "it belongs to cross-entropy and binary cross-entropy")]
    [InlineData("ObjectiveKind.CrossEntropy, Gamma = -1", "SN6011", "Gamma of Objective must be at least 0, found -1")]
    [InlineData("ObjectiveKind.BinaryCrossEntropy, PositiveWeight = 0", "SN6011", "PositiveWeight of Objective must be above 0, found 0")]
    [InlineData("ObjectiveKind.CrossEntropy, Gamma = \"nothing\"", "SN6006", "'nothing' names no number")]
    [InlineData(
        "ObjectiveKind.CrossEntropy, ClassWeights = new[] { 1.0, -2 }",
        "SN6011",
        "Each of ClassWeights of Objective must be at least 0 and finite, found -2")]
    [InlineData("ObjectiveKind.CrossEntropy, ClassWeights = new[] { 1, double.NaN }", "SN6011", "found NaN")]
    [InlineData("ObjectiveKind.CrossEntropy, ClassWeights = new[] { 0.0, 0 }", "SN6011", "One of ClassWeights of Objective must be above 0, found 0")]
    [InlineData("ObjectiveKind.CrossEntropy, ClassWeights = new[] { \"a\" }", "SN6008", "ClassWeights of Objective must be one number for each class")]
    [InlineData("ObjectiveKind.CrossEntropy, ClassWeights = new double[0]", "SN6008", "one number for each class")]
    [InlineData("ObjectiveKind.CrossEntropy, ClassWeights = 3", "SN6008", "found '3'")]
    [InlineData("ObjectiveKind.CrossEntropy, ClassWeights = null", "SN6008", "found nothing")]
    [InlineData("ObjectiveKind.CrossEntropy, ClassWeights = \"v\"", "SN6008", "'v', which is no parameter of the primary constructor")]
    [InlineData("ObjectiveKind.CrossEntropy, ClassWeights = nameof(g)", "SN6008", "'g' of type double")]
    public void What_is_wrong_is_said_once(string objective, string id, string message)
    {
        var problem = Assert.Single(Read(objective).Problems);

        Assert.Equal(id, problem.Id);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[Input(3)]", "Linear(4), Output")]
    [InlineData("[Input(3, 8, 8)]", "Conv2d(4, Kernel = 1), Output")]
    [InlineData("[Input(5, 3)]", "Linear(4), Output")]
    public void There_must_be_as_many_weights_as_classes(string input, string layers)
    {
        Assert.Equal("ClassWeights of [Objective] has 2 numbers, but the model predicts 4 classes", Assert.Single(Of("new[] { 1.0, 2 }")).Message);
        Assert.Empty(Of("new[] { 1.0, 2, 3, 4 }"));

        IReadOnlyList<Problem> Of(string weights) =>
            Declarations.Block(layers, $"{input}[Objective(ObjectiveKind.CrossEntropy, ClassWeights = {weights})]").Problems.ToList();
    }

    private static ModelDeclaration Read(string objective, string parameter = "double g = 2") => Declarations.Read(
        $"[Model, Input(3), Objective({objective})] partial class M({parameter}) {{ [Linear(2), Output] private partial Tensor Body(Tensor x); }}");
}
