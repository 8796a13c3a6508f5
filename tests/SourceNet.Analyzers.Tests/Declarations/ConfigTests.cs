namespace SourceNet.Analyzers.Tests.Declarations;

/// <summary>A record of settings as a parameter of a model.</summary>
public class ConfigTests
{
    private const string Unknown =
        " names no number: expected a numeric parameter of the primary constructor of 'Net', or a const or static readonly field in it";

    [Theory]
    [InlineData("{|SN6006:Linear(\"config.Width\")|}", "'config.Width'" + Unknown)]
    [InlineData("{|SN6006:Linear(\"config.Name\")|}", "'config.Name'" + Unknown)]
    [InlineData("{|SN6006:Linear(\"other.Dim\")|}", "'other.Dim'" + Unknown)]
    [InlineData("{|SN6006:Linear(\"config.Dim.Dim\")|}", "'config.Dim.Dim'" + Unknown)]
    [InlineData("{|SN6006:Linear(\"config\")|}", "'config'" + Unknown)]
    [InlineData("{|SN6007:Linear(\"config.Rate\")|}", "'config.Rate' is a real number, but sizes are whole numbers: make it an int or a long")]
    [InlineData(
        "{|SN6005:Linear(\"config.\")|}",
        "'config.' cannot be read as numbers, names and + - * / ( ) sqrt: expected an operator, found '.' at position 7")]
    [InlineData(
        "{|SN6014:Stack<Inner>(\"other\")|}",
        "'Inner' cannot be constructed from (other): its constructor takes (Config settings, bool isWide), and a stack passes numbers, and parameters of this "
            + "model as they are")]
    [InlineData(
        "{|SN6014:Stack<Inner>(\"isWide, config\")|}",
        "'Inner' cannot be constructed from (isWide, config): its constructor takes (Config settings, bool isWide), and a stack passes numbers, and parameters "
            + "of this model as they are")]
    [InlineData(
        "{|SN6012:Stack<Inner>(\"config, isWide\")|}",
        "'Inner' expects [config.Dim], but gets [8]")]
    public Task A_setting_that_is_none_is_reported(string layer, string message) => Declaration.Reports(
        $$"""
        record Config(int Dim, double Rate, string Name);
        [Model, Input("settings.Dim")] partial class Inner(Config settings, bool isWide)
        {
            [Linear("settings.Dim"), Dropout("settings.Rate")] private partial Tensor Make(Tensor x);
            private bool IsWide => isWide;
        }
        [Model, Input(8)] partial class Net(Config config, bool isWide)
        {
            [{{layer}}] private partial Tensor Make(Tensor x);
            private bool IsWide => isWide && config.Dim > 0;
        }
        """,
        message);

    [Fact]
    public Task Settings_of_a_class_a_struct_and_a_base_are_silent() => Declaration.IsSilent(
        """
        class Sizes { public int Dim { get; init; } public readonly long Hidden = 4; }
        class Config : Sizes { internal double Rate { get; set; } }
        struct Depth { public short Layers; }
        [Model, Input("base.Dim")] partial class Odd(Config @base)
        {
            [Linear("base.Dim * 2"), Dropout("base.Rate")] private partial Tensor Make(Tensor x);
        }
        [Model, Input("config.Dim")] partial class Net(Config config, Depth depth)
        {
            [Linear("config.Hidden * 2"), Dropout("config.Rate")] private partial Tensor Make(Tensor x);
            [Linear("config.Dim + depth.Layers")] private partial Tensor Logits(Tensor x);
        }
        """);
}
