using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Modeling.Tests.Declared;

public class ReadingTests
{
    [Theory]
    [InlineData("int n", "Linear(\"n\")", "[n]")]
    [InlineData("long n", "Linear(nameof(n))", "[n]")]
    [InlineData("short n", "Linear(\"2 * n\")", "[2 * n]")]
    [InlineData("byte n", "Linear(\"n + 1\")", "[n + 1]")]
    [InlineData("sbyte n", "Linear(\"n\")", "[n]")]
    [InlineData("ushort n", "Linear(\"n\")", "[n]")]
    [InlineData("uint n", "Linear(\"n\")", "[n]")]
    [InlineData("int @class", "Linear(nameof(@class))", "[@class]")]
    [InlineData("int @class", "Linear(\"@class\")", "[@class]")]
    [InlineData("int größe", "Linear(\"größe\")", "[größe]")]
    [InlineData("", "Linear(\"Width\")", "[8]")]
    [InlineData("", "Linear(\"Width / 3\")", "[2]")]
    [InlineData("", "Linear(\"LongWidth - Width\")", "[56]")]
    [InlineData("", "Linear(\"Shared\")", "[Shared]")]
    [InlineData("", "Linear(Width)", "[8]")]
    [InlineData("int Width", "Linear(\"Width\")", "[Width]")]
    [InlineData("", "Linear(\"-Negative\")", "[3]")]
    [InlineData("", "Linear(\"2_0\")", "[20]")]
    public void A_size_is_made_of_whole_numbers_that_the_class_has(string parameters, string layer, string expected)
    {
        var graph = Class(parameters, layer);

        Assert.Empty(graph.Problems);
        Assert.Equal(expected, graph.Output.ToString());
    }

    [Theory]
    [InlineData("double n", "Linear(\"n\")", "SN6007")]
    [InlineData("", "Linear(\"Half\")", "SN6007")]
    [InlineData("", "Linear(\"Width * 0.5\")", "SN6007")]
    [InlineData("", "Linear(\"Negative\")", "SN6007")]
    [InlineData("", "Linear(\"Width / 0\")", "SN6007")]
    [InlineData("", "Linear(\"9000000000000 * 9000000000000\")", "SN6007")]
    [InlineData("", "Linear((string)null!)", "SN6007")]
    [InlineData("ulong n", "Linear(\"n\")", "SN6006")]
    [InlineData("int? n", "Linear(\"n\")", "SN6006")]
    [InlineData("string n", "Linear(\"n\")", "SN6006")]
    [InlineData("", "Linear(\"instance\")", "SN6006")]
    [InlineData("", "Linear(\"Mutable\")", "SN6006")]
    [InlineData("", "Linear(\"T\")", "SN6006")]
    [InlineData("", "Linear(\"width\")", "SN6006")]
    [InlineData("", "Dropout(\"Half * missing\")", "SN6006")]
    [InlineData("", "Dropout(\"1 + \")", "SN6005")]
    [InlineData("", "Dropout(1.0)", "SN6011")]
    [InlineData("", "Dropout(-0.1)", "SN6011")]
    [InlineData("", "Dropout(\"-Half\")", "SN6011")]
    [InlineData("", "Dropout(double.NaN)", "SN6011")]
    [InlineData("", "Dropout(double.PositiveInfinity)", "SN6011")]
    [InlineData("", "Dropout(\"Half / (Half - Half)\")", "SN6011")]
    [InlineData("", "GaussianNoise(double.PositiveInfinity)", "SN6011")]
    [InlineData("", "Norm(Layer, Eps = 0)", "SN6011")]
    [InlineData("", "Norm(Layer, Eps = double.NaN)", "SN6011")]
    [InlineData("", "Norm(Batch, Momentum = 2)", "SN6011")]
    [InlineData("", "Activation(Hardtanh, Minimum = 2)", "SN6011")]
    [InlineData("", "Activation(Hardtanh, Maximum = double.PositiveInfinity)", "SN6011")]
    [InlineData("", "Activation(RReLU, Lower = 0.5, Upper = 0.4)", "SN6011")]
    [InlineData("", "Activation((ActivationKind)99)", "SN6008")]
    [InlineData("", "Norm((NormKind)(-1))", "SN6008")]
    [InlineData("", "FeedForward(4, Activation = GLU)", "SN6008")]
    [InlineData("", "FeedForward(4, Activation = (ActivationKind)77)", "SN6008")]
    [InlineData("", "FeedForward(4, Dropout = true)", "SN6008")]
    [InlineData("", "FeedForward(4, Dropout = 1)", "SN6011")]
    [InlineData("", "FeedForward(true)", "")]
    public void What_is_none_is_said_once(string parameters, string layer, string id)
    {
        var graph = Class(parameters, layer);

        if (id.Length > 0)
        {
            var problem = Assert.Single(graph.Problems);
            Assert.Equal(id, problem.Id);
            Assert.Equal(new Origin(OriginKind.Block, 0, 0), problem.Origin);
        }
        else
        {
            Assert.Empty(graph.Problems);
        }

        Assert.NotNull(graph.Blocks[0].Obstacle);
    }

    [Theory]
    [InlineData("FeedForward(4, Dropout = 0)", "0.0", 0.0)]
    [InlineData("FeedForward(4, Dropout = 0.25f)", "0.25", 0.25)]
    [InlineData("FeedForward(4, Dropout = (byte)0)", "0.0", 0.0)]
    [InlineData("FeedForward(4, Dropout = \"Half / 2\")", "0.25", 0.25)]
    [InlineData("FeedForward(4, Dropout = \"1e-05\")", "1E-05", 0.00001)]
    [InlineData("FeedForward(4, Dropout = nameof(rate))", "rate", null)]
    [InlineData("FeedForward(4, Dropout = \"rate / depth\")", "rate / (double)depth", null)]
    [InlineData("FeedForward(4, Dropout = \"1 - rate * -Low\")", "1.0 - (rate * (-(-0.25)))", null)]
    [InlineData("FeedForward(4, Dropout = \"-(1 - rate)\")", "-(1.0 - rate)", null)]
    [InlineData("FeedForward(4, Dropout = \"single\")", "single", null)]
    public void A_rate_is_a_number_or_an_expression_that_compiles(string layer, string csharp, double? value)
    {
        var graph = Class("double rate, int depth, float single", layer);

        Assert.Empty(graph.Problems);
        var rate = Assert.IsType<FeedForwardLayer>(graph.Blocks[0].Layers[0].Layer).Dropout;
        Assert.Equal(csharp, rate.CSharp);
        Assert.Equal(value, rate.Value);
        Assert.Empty(Declarations.Errors(Declarations.CompileRaw($"class C {{ double F(double rate, int depth, float single) => {csharp}; }}")));
    }

    [Fact]
    public void Used_arguments_are_those_without_a_constant_value_in_order_of_declaration()
    {
        var graph = Class("int a, double b, int unused, int c", "Linear(\"c + Width\"), Dropout(\"b\"), Linear(\"a * Shared\"), Linear(\"a\")");

        Assert.Equal(["Shared", "a", "b", "c"], graph.Declaration!.UsedArguments);
    }

    [Fact]
    public void The_position_in_a_stack_is_no_argument_and_no_name_elsewhere()
    {
        var graph = Declarations.Graph("""
            [Model, Input(4)] partial class M
            {
                [Stack<Inner>("index")] private partial Tensor A(Tensor x);
                [Linear("index")] private partial Tensor B(Tensor x);
            }
            [Model, Input(4)] partial class Inner(int a) { [Linear("4 * a / a")] private partial Tensor Body(Tensor x); }
            """);

        Assert.Equal("SN6006", Assert.Single(graph.Problems).Id);
        Assert.Empty(graph.Declaration!.UsedArguments);
    }

    [Theory]
    [InlineData("[Linear(4)] private partial Tensor Body(Tensor x);", true, "")]
    [InlineData("[Linear(4)] public partial Tensor Body(Tensor @in);", true, "")]
    [InlineData("[Linear(4)] private partial Tensor Body(Tensor x) => x;", false, "SN6003")]
    [InlineData("[Linear(4)] private Tensor Body(Tensor x) => x;", false, "SN6003")]
    [InlineData("[Linear(4)] private static partial Tensor Body(Tensor x);", false, "SN6003")]
    [InlineData("[Linear(4)] private partial Tensor Body(Tensor x, Tensor y);", false, "SN6003")]
    [InlineData("[Linear(4)] private partial Tensor Body();", false, "SN6003")]
    [InlineData("[Linear(4)] private partial Tensor Body(ref Tensor x);", false, "SN6003")]
    [InlineData("[Linear(4)] private partial Tensor Body<T>(Tensor x);", false, "SN6003")]
    [InlineData("[Linear(4)] private partial void Body(Tensor x);", false, "SN6003")]
    [InlineData("[Linear(4)] private partial int Body(int x);", false, "SN6003")]
    [InlineData("[Linear(4)] private partial Tensor Body(Tensor x); private partial Tensor Body(Tensor x) => x;", false, "SN6003")]
    [InlineData("", false, "SN6004")]
    [InlineData("[Linear(4)] private partial Tensor A(Tensor x); public Tensor forward(Tensor input) => A(input);", true, "SN6003")]
    [InlineData("[Linear(4)] private partial Tensor A(Tensor x); public override int forward(Tensor input) { var y = A(input); return 1; }", true, "SN6003")]
    public void A_block_is_a_partial_method_of_a_tensor(string members, bool isExpandable, string id)
    {
        var graph = Declarations.Graph($"[Model, Input(4)] partial class M {{ {members} }}");

        Assert.Equal(id, string.Join(" ", graph.Problems.Select(problem => problem.Id)));
        Assert.Equal(isExpandable, graph.Blocks.Count > 0 && graph.Blocks[0].Declaration.IsExpandable);
    }

    [Theory]
    [InlineData("[Model] class M { }", "SN6001", false)]
    [InlineData("[Model] partial record M { }", "SN6001", false)]
    [InlineData("[Model] static partial class M { }", "SN6001", false)]
    [InlineData("[Model] abstract partial class M { }", "SN6001", false)]
    [InlineData("class Outer { [Model] partial class M { } }", "SN6001", false)]
    [InlineData("[Model] partial class M : Base { } class Base { }", "SN6002", true)]
    [InlineData("[Model] partial class M : nn.Module { }", "SN6002", true)]
    [InlineData("[Model] partial class M : Model { }", "", true)]
    [InlineData("[Model] partial class M : IDisposable { }", "", true)]
    [InlineData("[Model] partial class M : NotYetWritten { }", "", true)]
    public void A_model_is_a_partial_class_with_no_other_base(string text, string id, bool canExtend)
    {
        var declaration = Declarations.Read(text);

        Assert.Equal(id, string.Join(" ", declaration.Problems.Where(problem => problem.Id != "SN6004").Select(problem => problem.Id)));
        Assert.Equal(canExtend, declaration.Type.CanExtend);
    }

    [Theory]
    [InlineData("Norm(Batch), Norm(Layer)", "SN6019")]
    [InlineData("Activation(ReLU), Activation(GELU)", "SN6019")]
    public void A_class_says_a_default_once(string attributes, string id) =>
        Assert.Equal(id, Assert.Single(Declarations.Block("Output, Linear(4)", $"[Input(4), {attributes}]").Problems, problem => problem.IsError).Id);

    [Theory]
    [InlineData("Norm(Batch), Norm(Layer), Linear(4)", "SN6017")]
    [InlineData("DropPath(0.1), Linear(4)", "SN6020")]
    [InlineData("Residual, DropPath(0.1), Linear(4)", "SN6020")]
    public void A_layer_out_of_place_is_reported(string layers, string id) =>
        Assert.Equal(id, Assert.Single(Declarations.Block(layers, "[Input(4)]").Problems).Id);

    private static LayerGraph Class(string parameters, string layers) => Declarations.Graph($$"""
        [Model, Input(4)]
        partial class M({{parameters}})
        {
            private const int Width = 8;
            private const short Negative = -3;
            private const long LongWidth = 64;
            private const double Half = 0.5, Low = -0.25;
            private static readonly int Shared = 5;
            private static int Mutable = 5;
            private readonly int instance = 5;
            [{{layers}}] private partial Tensor Body(Tensor x);
        }
        """);
}
