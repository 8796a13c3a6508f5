namespace SourceNet.Analyzers.Tests.Declarations;

public class StackTests
{
    private const string Inner = "[Model, Input(\"dim\")] partial class Inner(int dim, double rate = 0.1) { [Linear(nameof(dim)), Dropout(nameof(rate))] "
        + "private partial Tensor Body(Tensor x); } "
        + "[Model] partial class Pair { [Input(8), Linear(8)] private partial Tensor Body(Tensor x); "
        + "public override Tensor forward(Tensor left, Tensor right) => Body(left) + right; } ";
    private const string Constructor =
        "its constructor takes (int dim, double rate = 0.1), and a stack passes numbers, and parameters of this model as they are";

    [Theory]
    [InlineData("{|SN6014:Stack<string>|}", "'string' cannot be stacked: it has no [Model]")]
    [InlineData(
        "{|SN6014:Stack<Pair>|}",
        "'Pair' cannot be stacked: a layer of a block takes one tensor and gives one, and its forward is 'Tensor Pair.forward(Tensor left, Tensor right)'")]
    [InlineData("{|SN6014:Stack<Net>|}", "'Net' cannot contain itself: its constructor would never end")]
    [InlineData("{|SN6014:Stack<Inner>|}", "'Inner' cannot be constructed from (): " + Constructor)]
    [InlineData("{|SN6014:Stack<Inner>(\"8, 0.5, 3\")|}", "'Inner' cannot be constructed from (8, 0.5, 3): " + Constructor)]
    [InlineData(
        "{|SN6005:Stack<Inner>(\"8,\")|}",
        "'8,' cannot be read as numbers, names and + - * / ( ) sqrt: expected a number, a name or '(', found the end")]
    [InlineData(
        "{|SN6006:Stack<Inner>(\"width\")|}",
        "'width' names no number: expected a numeric parameter of the primary constructor of 'Net', or a const or static readonly field in it")]
    [InlineData("{|SN6007:Stack<Inner>(\"8.5\")|}", "The argument for 'dim' must be a whole number, found '8.5'")]
    [InlineData("{|SN6007:Stack<Inner>(\"8\", Repeat = -1)|}", "Repeat of Stack must be at least 0, found -1")]
    [InlineData("{|SN6012:Stack<Inner>(\"4\")|}", "'Inner' expects [4], but gets [8]")]
    [InlineData("{|SN6012:Stack<Half>(Repeat = 2)|}", "'Half' is repeated, so it must give the shape that it gets, but [8] goes in and [4] comes out")]
    [InlineData(
        "{|SN6012:Stack<Inner>(\"8 + index\", Repeat = 2)|}",
        "'Inner' gives [index + 8] at position 'index' of the stack, but the next one expects [index + 9]")]
    [InlineData("{|SN6014:Stack<Closed>|}", "'Closed' cannot be constructed from (): it has no constructor that can be called here")]
    public Task A_stack_that_cannot_be_built_is_reported(string stack, string message) => Declaration.Reports(Net(stack), message);

    [Theory]
    [InlineData("(int index)", "", "'index' in '8, index / 10' is the position in the stack, and 'Net' has a number of that name too: rename yours")]
    [InlineData(
        "",
        "private const int index = 3;",
        "'index' in '8, index / 10' is the position in the stack, and 'Net' has a number of that name too: rename yours")]
    public Task A_position_that_is_another_number_too_is_reported(string parameters, string member, string message) => Declaration.Reports(
        $"{Inner}[Model, Input(8)] partial class Net{parameters} {{ {member} [{{|SN6014:Stack<Inner>(\"8, index / 10\", Repeat = 3)|}}] private partial "
            + $"Tensor Body(Tensor x); }}",
        message);

    [Fact]
    public Task A_number_of_the_name_of_the_position_may_stand_elsewhere() => Declaration.IsSilent(
        $"{Inner}[Model, Input(8)] partial class Net(int index, int indexes) {{ [Linear(\"index\"), Linear(8), Stack<Inner>(\"8, indexes / 10\")] private "
            + $"partial Tensor Body(Tensor x); }}");

    [Fact]
    public Task Models_that_contain_each_other_are_reported() => Declaration.Reports(
        """
        [Model, Input(8)] partial class First { [{|SN6014:Stack<Second>|}] private partial Tensor Body(Tensor x); }
        [Model, Input(8)] partial class Second { [{|SN6014:Stack<First>|}] private partial Tensor Body(Tensor x); }
        [Model, Input(8)] partial class Outer { [Stack<First>] private partial Tensor Body(Tensor x); }
        """,
        "'Second' contains 'First' in turn: their constructors would never end",
        "'First' contains 'Second' in turn: their constructors would never end");

    [Fact]
    public Task What_is_wrong_in_the_stacked_model_is_told_there() => Declaration.ReportsIn(
        "[Model, Input(8)] partial class Outer { [Stack<Inner>] private partial Tensor Body(Tensor x); [Linear(4)] private partial Tensor Logits(Tensor x); }",
        "[Model] class {|SN6001:Inner|} { [Linear(8)] private partial Tensor Body(Tensor x); }");

    [Theory]
    [InlineData("Linear(90, TiedTo = nameof(Embed))", "This layer needs a weight of [90, 8], but the weight of 'Embed' that it is tied to is [100, 8]")]
    [InlineData(
        "Linear(100, TiedTo = \"Embedding\")",
        "TiedTo = 'Embedding' names no block before this one that has an embedding or linear layer, so there is no weight to share")]
    [InlineData(
        "Linear(100, TiedTo = nameof(Logits))",
        "TiedTo = 'Logits' names no block before this one that has an embedding or linear layer, so there is no weight to share")]
    public Task A_weight_that_cannot_be_shared_is_reported(string layer, string message) => Declaration.Reports(
        $"[Model, Input(\"T\", DType = ScalarType.Int64)] partial class Net {{ [Embedding(100, 8)] private partial Tensor Embed(Tensor x); "
            + $"[{{|SN6015:{layer}|}}] private partial Tensor Logits(Tensor x); }}",
        message);

    [Theory]
    [InlineData("Stack<Inner>(\"8\")")]
    [InlineData("Stack<Inner>(\"8, (index + 1) / 10\", Repeat = 3)")]
    [InlineData("Stack<Half>")]
    [InlineData("Stack<Inner>(\"8\", Repeat = 0)")]
    public Task The_nearest_correct_stack_is_silent(string stack) => Declaration.IsSilent(Net(stack));

    [Fact]
    public Task A_weight_of_the_right_shape_is_shared_in_silence() => Declaration.IsSilent(
        "[Model, Input(\"T\", DType = ScalarType.Int64)] partial class Net { [Embedding(100, 8)] private partial Tensor Embed(Tensor x); [Linear(100, "
            + "TiedTo = nameof(Embed))] private partial Tensor Logits(Tensor x); }");

    private static string Net(string stack) =>
        Inner
        + "[Model, Input(8)] partial class Half { [Linear(4)] private partial Tensor Body(Tensor x); } "
        + "[Model, Input(8)] partial class Closed { private Closed() { } [Linear(8)] private partial Tensor Body(Tensor x); } "
        + $"[Model, Input(8)] partial class Net {{ [{stack}] private partial Tensor Body(Tensor x); }}";
}
