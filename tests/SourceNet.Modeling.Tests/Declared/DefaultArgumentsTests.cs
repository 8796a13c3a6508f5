using SourceNet.Modeling.Declared;
using RegularizationKind = SourceNet.Modeling.RegularizationKind;

namespace SourceNet.Modeling.Tests.Declared;

public class DefaultArgumentsTests
{
    [Theory]
    [InlineData("dropout", 0.5)]
    [InlineData("dropout / 2", 0.25)]
    [InlineData("1 - Keep * dropout", 0.6)]
    [InlineData("depth / 10", 0.2)]
    [InlineData("single", 0.5)]
    // No default argument, not known before run time, no number, no name.
    [InlineData("rate", null)]
    [InlineData("rate + dropout", null)]
    [InlineData("s_known", null)]
    [InlineData("text", null)]
    [InlineData("nothing", null)]
    [InlineData("0.3", null)]
    [InlineData("eps 1E-05", null)]
    [InlineData("dropout / none", null)]
    public void An_expression_comes_to_what_its_default_arguments_say(string strength, double? expected)
    {
        var compilation = Declarations.Compile($$"""
            [Model, Input(8)]
            partial class M(double rate, double dropout = 0.5, int depth = 2, float single = 0.5f, string text = "1", double none = 0)
            {
                private const double Keep = 0.8;
                private static readonly double s_known = 0.3;
                [Linear(4), L2("{{strength}}")] private partial Tensor Body(Tensor x);
            }
            """);
        var model = Declarations.Models(compilation)[0];

        Assert.Equal(expected, DefaultArguments.ValueOf(Declarations.Read(compilation).Blocks[0].Regularizers[RegularizationKind.L2]!.Strength.Value, model));
    }

    [Fact]
    public void The_parts_of_an_elastic_net_come_to_numbers_too()
    {
        var compilation = Declarations.Compile("""
            [Model, Input(8)]
            partial class M(double alpha = 0.5, double share = 0.25)
            {
                [Linear(4), ElasticNet("alpha", L1Ratio = "share"), L1(0.5)] private partial Tensor Body(Tensor x);
            }
            """);
        var model = Declarations.Models(compilation)[0];
        var regularizers = Declarations.Read(compilation).Blocks[0].Regularizers;

        Assert.Equal(0.375, DefaultArguments.ValueOf(regularizers[RegularizationKind.WeightDecay]!.Strength.Value, model));
        Assert.Equal(0.625, DefaultArguments.ValueOf(regularizers[RegularizationKind.L1]!.Strength.Value, model));
    }
}
