using SourceNet.Modeling.Declared;

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
        var model = Declarations.Models(Declarations.Compile("""
            [Model, Input(8)]
            partial class M(double rate, double dropout = 0.5, int depth = 2, float single = 0.5f, string text = "1", double none = 0)
            {
                private const double Keep = 0.8;
                private static readonly double s_known = 0.3;
            }
            """))[0];

        Assert.Equal(expected, DefaultArguments.ValueOf(strength, model));
    }
}
