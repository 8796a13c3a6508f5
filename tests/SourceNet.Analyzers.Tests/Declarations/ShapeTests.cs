namespace SourceNet.Analyzers.Tests.Declarations;

public class ShapeTests
{
    private const string NoShape = " cannot make its weights, because the shape that it gets is not known: put [Input(...)] on the class, or on this block "
        + "if hand-written code comes before it";

    [Theory]
    [InlineData(
        "3, 32, 32",
        "{|SN6010:Linear(10)|}",
        "Linear works on the last axis, found channels first [3, 32, 32]: put [Flatten] or [GlobalAveragePool] before it")]
    [InlineData(
        "3, 32, 32",
        "Conv2d(8, Kernel = 3), {|SN6010:Linear(10)|}",
        "Linear works on the last axis, found channels first [8, 30, 30]: put [Flatten] or [GlobalAveragePool] before it")]
    [InlineData("3, 32, 32", "{|SN6018:Conv2d(8)|}, Flatten, Linear(2)", "Conv2d needs the size of its kernel, 'Kernel = 3'")]
    [InlineData("3, 32, 32", "{|SN6012:Conv2d(8, Kernel = 33)|}, Flatten, Linear(2)", "Conv2d does not fit into [3, 32, 32]: the result would be [8, 0, 0]")]
    [InlineData("3, 32, 32", "{|SN6012:Conv2d(8, Kernel = 3, Groups = 2)|}", "Groups of Conv2d must divide its input channels: 3 is not divisible by 2")]
    [InlineData("4, 32, 32", "{|SN6012:Conv2d(7, Kernel = 3, Groups = 2)|}", "Groups of Conv2d must divide its output channels: 7 is not divisible by 2")]
    [InlineData("4, 32, 32", "{|SN6008:Conv2d(8, Kernel = new[] { 3, 3, 3 })|}", "Kernel of Conv2d must be one number or 2, found 3")]
    [InlineData("4, 32, 32", "{|SN6007:Conv2d(8, Kernel = 3.5)|}", "Kernel of Conv2d must be a whole number, found 3.5")]
    [InlineData(
        "4, 32, 32",
        "{|SN6008:Conv2d(8, Kernel = 4, Padding = \"same\")|}",
        "Kernel of Conv2d must be odd where Padding is \"same\", so that both sides get the same, found 4")]
    [InlineData(
        "4, 32, 32",
        "{|SN6008:Conv2d(8, Kernel = 3, Stride = 2, Padding = \"same\")|}",
        "Stride of Conv2d must be 1 where Padding is \"same\", found 2")]
    [InlineData("4, 32, 32", "{|SN6010:Conv1d(8, Kernel = 3)|}", "Conv1d expects [C, L], found [4, 32, 32]")]
    [InlineData(
        "4, 8, 8",
        "{|SN6008:ConvTranspose2d(8, Kernel = 3, Stride = 2, OutputPadding = 2)|}",
        "OutputPadding of ConvTranspose2d must be below its stride or dilation, 2, found 2")]
    [InlineData("4, 8, 8", "{|SN6012:MaxPool2d(9)|}", "MaxPool2d does not fit into [4, 8, 8]: the result would be [4, 0, 0]")]
    [InlineData("4, 8, 8", "{|SN6008:MaxPool2d(2, Padding = 2)|}", "Padding of MaxPool2d must be at most half the window, 1, found 2")]
    [InlineData("4, 8, 8", "{|SN6010:MaxPool1d(2)|}", "MaxPool1d expects [C, L], channels first, found [4, 8, 8]")]
    [InlineData("8", "{|SN6010:GlobalAveragePool|}", "GlobalAveragePool expects [C, ...] or [T, dim], found [8]")]
    [InlineData("8", "{|SN6010:Attention(2)|}", "Attention expects a sequence of features [T, dim], found [8]")]
    [InlineData("5, 8", "{|SN6012:Attention(3)|}", "The heads of Attention must divide its features: 8 is not divisible by 3")]
    [InlineData("5, 8", "{|SN6012:Attention(4, KeyValueHeads = 3)|}", "KeyValueHeads of Attention must divide its heads: 4 is not divisible by 3")]
    [InlineData("5, 6", "{|SN6008:Attention(2, Rotary = true)|}", "The size of a head of rotary Attention must be even, found 6 / 2")]
    [InlineData("5, 8", "{|SN6011:Attention(2, RotaryBase = 0)|}", "RotaryBase of Attention must be above 1, found 0")]
    [InlineData(
        "5, 8",
        "Linear(4), {|SN6010:Norm(Batch)|}",
        "BatchNorm1d normalizes channels on the first axis, found features on the last axis of [5, 4]: use [Norm(Layer)] or [Norm(RMS)]")]
    [InlineData("30, 8, 8", "{|SN6012:Norm(Group)|}", "Groups of GroupNorm (32 if nothing is said) must divide its channels: 30 is not divisible by 32")]
    [InlineData(
        "8, 8, 3, ChannelsLast = true",
        "{|SN6010:Norm(Batch)|}",
        "BatchNorm2d normalizes channels on the first axis, found features on the last axis of [8, 8, 3]: use [Norm(Layer)] or [Norm(RMS)]")]
    [InlineData(
        "\"H\", 8, \"W\"",
        "{|SN6009:Norm(Layer)|}",
        "LayerNorm gets [H, 8, W], but 'H' is known only at run time, too late to make a weight: use a number or a constructor parameter, or pool that axis "
            + "away first")]
    [InlineData("7", "{|SN6012:Activation(GLU)|}", "GLU halves the channels or features: 7 is not divisible by 2")]
    [InlineData("8", "{|SN6012:Reshape(3, 3)|}", "Reshape from [8] to [3, 3] must keep the number of elements, but 8 go in and 9 come out")]
    [InlineData("8", "{|SN6018:Reshape|}", "Reshape needs at least one size")]
    [InlineData("8", "{|SN6010:SpatialDropout(0.1)|}", "SpatialDropout expects feature maps, channels first: [C, L], [C, H, W] or [C, D, H, W], found [8]")]
    [InlineData(
        "8",
        "{|SN6012:Residual|}, Linear(7)",
        "[Residual] adds the input of 'Logits' to its output, but [8] goes in and [7] comes out: both shapes must agree")]
    [InlineData(
        "\"dim\"",
        "{|SN6012:Residual|}, Linear(\"width\")",
        "[Residual] adds the input of 'Logits' to its output, but [dim] goes in and [width] comes out: both shapes must agree")]
    [InlineData("\"T\"", "{|SN6010:Embedding(10, 8)|}", "Embedding expects indices, found numbers [T]: say [Input(..., DType = ScalarType.Int64)]")]
    [InlineData(
        "\"T\", DType = ScalarType.Int64",
        "{|SN6010:Linear(10)|}",
        "Linear expects numbers, found indices [T] (Int64): look them up with [Embedding] first")]
    [InlineData(
        "\"T\", DType = ScalarType.Int64",
        "{|SN6008:Embedding(10, 8, PaddingIndex = 10)|}",
        "PaddingIndex of Embedding must be at least 0 and below 10, found 10")]
    [InlineData(
        "\"T\"",
        "{|SN6009:Linear(10)|}",
        "Linear gets [T], but 'T' is known only at run time, too late to make a weight: use a number or a constructor parameter, or pool that axis away first")]
    public Task A_layer_that_does_not_fit_is_reported_with_the_shape(string input, string layers, string message) =>
        Declaration.Reports(Net($", Input({input})", layers), message);

    [Theory]
    [InlineData("", "{|SN6009:Linear(10)|}, Linear(4), Norm(Batch)", "Linear" + NoShape)]
    [InlineData("", "{|SN6009:Conv2d(10, Kernel = 3)|}, Flatten", "Conv2d" + NoShape)]
    [InlineData(
        "",
        "{|SN6009:Softmax|}",
        "Softmax works on the channel axis, and which that is is not known here: put [Input(...)] on the class, or on this block if hand-written code comes "
            + "before it")]
    [InlineData(", {|SN6018:Input|}", "Linear(10)", "Input needs the sizes of one sample, without the batch: [Input(3, 32, 32)]")]
    [InlineData(
        ", {|SN6005:Input(\"3, 32\")|}",
        "Linear(10)",
        "'3, 32' cannot be read as numbers, names and + - * / ( ) sqrt: expected one expression, found 2")]
    [InlineData(", {|SN6007:Input(0)|}", "Linear(10)", "A size of Input must be at least 1, found 0")]
    public Task An_input_that_is_missing_or_wrong_is_one_problem(string input, string layers, string message) =>
        Declaration.Reports(Net(input, layers), message);

    [Fact]
    public Task An_input_of_a_block_that_is_not_what_it_gets_is_reported() => Declaration.Reports(
        "[Model, Input(8)] partial class Net { [Linear(7)] private partial Tensor Hidden(Tensor x); [{|SN6012:Input(9)|}, Linear(2)] private partial Tensor "
            + "Logits(Tensor x); }",
        "[Input] of 'Logits' says [9], but the block gets [7]");

    [Theory]
    [InlineData(
        "[Model, Input(8), {|SN6012:Output(9)|}] partial class Net { [Linear(7)] private partial Tensor Logits(Tensor x); }",
        "[Output] of 'Net' says [9], but it makes [7]")]
    [InlineData(
        "[Model, Input(8), {|SN6012:Objective(CrossEntropy, ClassWeights = new[] { 1.0, 2.0 })|}] partial class Net { [Linear(7)] private partial Tensor "
            + "Logits(Tensor x); }",
        "ClassWeights of [Objective] has 2 numbers, but the model predicts 7 classes")]
    public Task What_is_said_of_the_output_is_compared_with_it(string source, string message) => Declaration.Reports(source, message);

    [Fact]
    public Task A_default_that_does_not_fit_is_reported_once() => Declaration.Reports(
        """
        [Model, Input("T", 8), {|SN6010:Norm(Batch)|}]
        partial class Net
        {
            [Linear(8)] private partial Tensor First(Tensor x);
            [Linear(4)] private partial Tensor Second(Tensor x);
            [Linear(2), Output] private partial Tensor Logits(Tensor x);
            public override Tensor forward(Tensor input) => Logits(Second(First(input)));
        }
        """,
        "BatchNorm1d normalizes channels on the first axis, found features on the last axis of [T, 8]: use [Norm(Layer)] or [Norm(RMS)]");

    [Theory]
    [InlineData(
        "[Model] partial class Net { [{|SN6009:Linear(7)|}] private partial Tensor First(Tensor x); [Linear(7)] private partial Tensor Second(Tensor x); "
            + "public override Tensor forward(Tensor x) => Second(First(x)); }",
        "")]
    [InlineData(
        "[Model, Input(8)] partial class Net { [Linear(7)] private partial Tensor First(Tensor x); [{|SN6009:Linear(7)|}] private partial Tensor "
            + "Second(Tensor x); public override Tensor forward(Tensor x) => Second(First(x).bincount()); }",
        ". The shape is lost at 'First(x).bincount()', line 1")]
    public Task A_block_behind_hand_written_code_needs_an_input(string source, string lost) => Declaration.Reports(source, "Linear" + NoShape + lost);

    [Theory]
    [InlineData("3, 32, 32", "Conv2d(8, Kernel = 3), Flatten, Linear(10)")]
    [InlineData("3, 32, 32", "Conv2d(8, Kernel = 32), GlobalAveragePool, Linear(10)")]
    [InlineData("4, 32, 32", "Conv2d(8, Kernel = new[] { 3, 5 }, Groups = 2, Padding = \"same\"), Norm(Batch)")]
    [InlineData("4, 8, 8", "ConvTranspose2d(8, Kernel = 3, Stride = 2, OutputPadding = 1), MaxPool2d(2, Padding = 1), SpatialDropout(0.1)")]
    [InlineData("5, 8", "Attention(4, KeyValueHeads = 2, Rotary = true), GlobalAveragePool")]
    [InlineData("\"T\", \"dim\"", "Residual, Norm(RMS), FeedForward(\"4 * dim\")")]
    [InlineData("\"T\", DType = ScalarType.Int64", "Embedding(10, 8, PaddingIndex = 9), Linear(3)")]
    [InlineData("\"H\", \"W\", \"dim\"", "Norm(Layer), Linear(\"4 * dim\"), Norm(RMS), Activation(GELU)")]
    [InlineData("8, 8, \"dim\", ChannelsLast = true", "Norm(RMS), Linear(\"4 * dim\"), Activation(GELU)")]
    [InlineData("64, 8, 8", "Norm(Group), Activation(GLU), Reshape(8, 256), GlobalAveragePool")]
    public Task The_nearest_layers_that_fit_are_silent(string input, string layers) => Declaration.IsSilent(Net($", Input({input})", layers));

    private static string Net(string input, string layers) =>
        $$"""
        [Model{{input}}]
        partial class Net(int dim = 8, int width = 8)
        {
            [{{layers}}]
            private partial Tensor Logits(Tensor x);

            public int Size => dim * width;
        }
        """;
}
