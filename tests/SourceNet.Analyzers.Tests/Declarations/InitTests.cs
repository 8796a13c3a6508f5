namespace SourceNet.Analyzers.Tests.Declarations;

/// <summary>What weights start from, where it cannot be done or says nothing.</summary>
public class InitTests
{
    [Theory]
    [InlineData("{|SN6018:Init(InitKind.Normal)|}", "Init(Normal) needs its standard deviation: [Init(InitKind.Normal, 0.02)]")]
    [InlineData("{|SN6018:Init(InitKind.Uniform)|}", "Init(Uniform) needs its bound: [Init(InitKind.Uniform, 0.02)]")]
    [InlineData("{|SN6018:Init(InitKind.Constant)|}", "Init(Constant) needs its number: [Init(InitKind.Constant, 0.02)]")]
    [InlineData("{|SN6008:Init(InitKind.Zeros, 2)|}", "The scale of Init(Zeros) must be left out: there is nothing that it could scale, found one")]
    [InlineData(
        "{|SN6008:Init(InitKind.Default, Last = 2.0)|}",
        "Last of Init(Default) must be left out: there is nothing that it could scale, found one")]
    [InlineData(
        "{|SN6008:Init(InitKind.XavierNormal, Mode = FanMode.Out)|}",
        "Mode of Init(XavierNormal) must be left out: only the Kaiming kinds have one, found Out")]
    [InlineData("{|SN6008:Init((InitKind)99)|}", "The kind of Init must be a value of its enum, found 99")]
    [InlineData("{|SN6011:Init(InitKind.Normal, 0.0)|}", "The scale of Init must be above 0, found 0")]
    [InlineData("{|SN6011:Init(InitKind.Normal, 1, Last = -1.0)|}", "Last of Init must be above 0, found -1")]
    [InlineData(
        "{|SN6006:Init(InitKind.Normal, \"1 / sqrt(width)\")|}",
        "'width' in '1 / sqrt(width)' names no number: expected a numeric parameter of the primary constructor of 'Net', or a const or static readonly field in "
            + "it")]
    [InlineData("{|SN6005:Init(InitKind.Normal, \"sqrt(2\")|}", "'sqrt(2' cannot be read as numbers, names and + - * / ( ) sqrt: expected ')', found the end")]
    public Task A_start_that_cannot_be_is_reported(string attribute, string message) => Declaration.Reports(
        $"[Model, Input(8), {attribute}] partial class Net {{ [Linear(7)] private partial Tensor Logits(Tensor x); }}", message);

    [Theory]
    [InlineData("{|SN6008:Norm(Batch, Init = InitKind.Normal)|}", "Init of Norm must be Zeros or Default, what its scale starts from, found Normal")]
    [InlineData("{|SN6008:Norm(Batch, Affine = false, Init = InitKind.Zeros)|}", "Init of Norm must be left out: it has no scale, found one")]
    [InlineData(
        "{|SN6008:Linear(8, Init = InitKind.Normal)|}",
        "Init of Linear must be a kind without a number, or said on the block, [Init(InitKind.Normal, 0.02)], found Normal")]
    [InlineData(
        "{|SN6020:Linear(8, TiedTo = nameof(First), Init = InitKind.Zeros)|}",
        "Init has no meaning here: the weight is that of 'First', and starts as it does there")]
    [InlineData(
        "Activation(ReLU), {|SN6021:Init(InitKind.Zeros)|}",
        "[Init] does nothing: no layer of 'Second' has a weight that it could act on; remove it")]
    public Task A_start_that_a_layer_cannot_have_is_reported(string layers, string message) => Declaration.Reports(
        $$"""
        [Model, Input(8)] partial class Net
        {
            [Linear(8)] private partial Tensor First(Tensor x);
            [{{layers}}] private partial Tensor Second(Tensor x);
        }
        """,
        message);

    [Theory]
    [InlineData("[Linear(8), Init(InitKind.Zeros)] private partial Tensor First(Tensor x);")]
    [InlineData("[Activation(ReLU)] private partial Tensor First(Tensor x);")]
    public Task A_start_that_reaches_no_block_is_reported(string block) => Declaration.Reports(
        $"[Model, Input(8), {{|SN6024:Init(InitKind.XavierNormal)|}}] partial class Net {{ {block} }}",
        "[Init] on 'Net' reaches no block, so it does nothing: it needs a block with a weight that does not say [Init] itself; parts written by hand and "
            + "models inside start as they say");

    [Theory]
    [InlineData("[Linear(7, Init = InitKind.Zeros), Norm(Batch, Init = InitKind.Zeros)]")]
    [InlineData("[Linear(7), Init(InitKind.KaimingNormal, Mode = FanMode.Out)]")]
    [InlineData("[Linear(7), Init(InitKind.Normal, \"0.02 / sqrt(2 * layers)\", Last = nameof(layers))]")]
    public Task What_can_be_started_so_is_silent(string attributes) => Declaration.IsSilent(
        $"[Model, Input(8), Init(InitKind.Constant, -1)] partial class Net(int layers) {{ {attributes} private partial Tensor First(Tensor x);"
            + " [Linear(2), Output] private partial Tensor Logits(Tensor x); }");
}
