namespace SourceNet.Analyzers.Tests.Declarations;

public class ExpressionTests
{
    private const string Unread = " cannot be read as numbers, names and + - * / ( ) sqrt: ";
    private const string NoName = " names no number: expected a numeric parameter of the primary constructor of 'Net', or a const or static readonly field "
        + "in it";

    [Theory]
    [InlineData("""{|SN6005:Linear("4 * ")|}""", "'4 * '" + Unread + "expected a number, a name or '(', found the end")]
    [InlineData("""{|SN6005:Linear("dim % 2")|}""", "'dim % 2'" + Unread + "expected an operator, found '%' at position 5")]
    [InlineData("""{|SN6005:Linear("Math.Max(dim, 2)")|}""", "'Math.Max(dim, 2)'" + Unread + "expected an operator, found '(' at position 9")]
    [InlineData("""{|SN6005:Linear("")|}""", "''" + Unread + "expected an expression, found nothing")]
    [InlineData("""{|SN6005:Linear("dim, 3")|}""", "'dim, 3'" + Unread + "expected one expression, found 2")]
    [InlineData("""Linear(3), {|SN6005:Dropout("rate /")|}""", "'rate /'" + Unread + "expected a number, a name or '(', found the end")]
    [InlineData("""{|SN6006:Linear("dimm")|}""", "'dimm'" + NoName)]
    [InlineData("""{|SN6006:Linear("4 * dimm")|}""", "'dimm' in '4 * dimm'" + NoName)]
    [InlineData("""{|SN6006:Linear("title")|}""", "'title'" + NoName)]
    [InlineData("""{|SN6006:Linear("field")|}""", "'field'" + NoName)]
    [InlineData("""Linear(3), {|SN6006:Dropout("rat")|}""", "'rat'" + NoName)]
    [InlineData("""{|SN6007:Linear("rate")|}""", "'rate' is a real number, but sizes are whole numbers: make it an int or a long")]
    [InlineData("""{|SN6007:Linear("dim * rate")|}""", "'rate' in 'dim * rate' is a real number, but sizes are whole numbers: make it an int or a long")]
    [InlineData("""{|SN6007:Linear("dim * 1.5")|}""", "The size of Linear must be a whole number, found 'dim * 1.5'")]
    [InlineData("""{|SN6007:Linear("dim / 0")|}""", "The size of Linear must be a whole number, found 'dim / 0'")]
    [InlineData("""{|SN6007:Linear((string)null!)|}""", "The size of Linear must be a whole number, found nothing")]
    [InlineData("""{|SN6007:Linear(0)|}""", "The size of Linear must be at least 1, found 0")]
    [InlineData("""{|SN6007:Linear("None")|}""", "The size of Linear must be at least 1, found 0")]
    [InlineData("""{|SN6007:Linear("dim - dim - 4")|}""", "The size of Linear must be at least 1, found -4")]
    [InlineData("""Linear(2), {|SN6011:Dropout(1)|}""", "The rate of Dropout must be in [0, 1), found 1")]
    [InlineData("""Linear(2), {|SN6011:Dropout(-0.5)|}""", "The rate of Dropout must be in [0, 1), found -0.5")]
    [InlineData("""Linear(2), {|SN6011:Dropout(double.NaN)|}""", "The rate of Dropout must be in [0, 1), found NaN")]
    [InlineData("""Linear(2), {|SN6011:Dropout("Half * 4")|}""", "The rate of Dropout must be in [0, 1), found 2")]
    [InlineData("""Linear(2), {|SN6011:Dropout("rate / 0")|}""", "'rate / 0' divides by 0")]
    [InlineData("""Linear(2), {|SN6011:GaussianNoise("1 - -(rate + 1 / (dim / (2 * None)))")|}""", "'1 - -(rate + 1 / (dim / (2 * None)))' divides by 0")]
    [InlineData("""Linear(2), {|SN6011:GaussianNoise(-1)|}""", "The standard deviation of GaussianNoise must be at least 0, found -1")]
    [InlineData("""Linear(2), {|SN6011:WeightDecay(-1)|}""", "The strength of WeightDecay must be at least 0, found -1")]
    [InlineData("""Linear(2), {|SN6011:ElasticNet(1, L1Ratio = 2.0)|}""", "L1Ratio of ElasticNet must be in [0, 1], found 2")]
    [InlineData("""Linear(2), {|SN6007:SpectralNorm(Iterations = 0)|}""", "Iterations of SpectralNorm must be at least 1, found 0")]
    [InlineData("""Linear(2), {|SN6011:Norm(Layer, Eps = 0)|}""", "Eps of Norm must be above 0, found 0")]
    [InlineData("""Linear(2), {|SN6008:Norm((NormKind)77)|}""", "The kind of Norm must be a value of its enum, found 77")]
    [InlineData("""Linear(2), {|SN6011:Activation(Hardtanh, Minimum = 2)|}""", "The lower bound of Hardtanh must be at most 1, found 2")]
    [InlineData(
        """{|SN6008:FeedForward(2, Activation = GLU)|}""",
        "Activation of FeedForward must be an elementwise function without parameters or chance, found GLU")]
    [InlineData(
        """{|SN6008:FeedForward(2, Activation = RReLU)|}""",
        "Activation of FeedForward must be an elementwise function without parameters or chance, found RReLU")]
    [InlineData("""{|SN6008:FeedForward(2, Dropout = true)|}""", "Dropout of FeedForward must be a number or an expression, found True")]
    public Task A_size_or_rate_that_cannot_hold_is_reported(string layers, string message) => Declaration.Reports(Net(layers), message);

    [Theory]
    [InlineData("LabelSmoothing(1)", "The share of LabelSmoothing must be in [0, 1), found 1")]
    [InlineData("GradientClip(0)", "The norm of GradientClip must be above 0, found 0")]
    public Task A_strength_on_the_class_is_checked_too(string attribute, string message) => Declaration.Reports(
        $"[Model, Input(3), {{|SN6011:{attribute}|}}] partial class Net {{ [Linear(2), Output] private partial Tensor Logits(Tensor x); }}", message);

    [Theory]
    [InlineData("""Linear("4 * (dim + 1) / 2 - -1")""")]
    [InlineData("""Linear("Width"), Dropout("Half")""")]
    [InlineData("""Linear("Height"), Dropout("rate / dim")""")]
    [InlineData("""Linear(nameof(dim)), Dropout(0), GaussianNoise(0), WeightDecay("rate / 10")""")]
    [InlineData("""FeedForward(4, Activation = SiLU, Dropout = 0.5)""")]
    [InlineData("""Linear(2), Activation(Hardtanh, Minimum = -2)""")]
    public Task The_nearest_correct_value_is_silent(string layers) => Declaration.IsSilent(Net(layers));

    private static string Net(string layers) =>
        $$"""
        [Model, Input(3)]
        partial class Net(int dim, double rate, string title)
        {
            private const int Width = 8, None = 0;
            private const double Half = 0.5;
            private static readonly long Height = 4;
            private readonly int field = 4;

            [{{layers}}]
            private partial Tensor Logits(Tensor x);

            public string Title => title + field;
        }
        """;
}
