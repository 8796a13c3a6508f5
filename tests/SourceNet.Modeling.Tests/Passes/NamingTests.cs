namespace SourceNet.Modeling.Tests.Passes;

public class NamingTests
{
    [Theory]
    [InlineData("Linear(4)", "body.linear")]
    [InlineData("Linear(4), Activation(ReLU), Linear(4)", "body.linear1 body.activation body.linear2")]
    [InlineData("Linear(4, Name = \"fc\"), Linear(4)", "body.fc body.linear")]
    [InlineData("Name(\"a.b\"), Linear(4)", "a.b.linear")]
    [InlineData("Name(\"\"), Linear(4, Name = \"fc\")", "fc")]
    [InlineData("FeedForward(4), SwiGlu(4)", "body.feed_forward body.swi_glu")]
    [InlineData("Dropout(0.1), Dropout(0.2), Dropout(0)", "body.dropout1 body.dropout2")]
    [InlineData("Stack<Inner>", "body")]
    [InlineData("Stack<Inner>, Linear(4)", "body.stack body.linear")]
    [InlineData("Stack<Inner>, Stack<Inner>", "body.stack1 body.stack2")]
    [InlineData("Name(\"\"), Stack<Inner>", "stack")]
    public void Layers_are_named_by_role_and_numbered_where_there_are_several(string layers, string expected)
    {
        var graph = Declarations.Graph(Declarations.OneBlock("M", layers, "[Input(4)]")
            + "[Model, Input(4)] partial class Inner { [Linear(4)] private partial Tensor A(Tensor x); }");

        Assert.Empty(graph.Problems);
        Assert.Equal(expected, string.Join(" ", graph.Blocks[0].Layers.Select(placed => placed.Path)));
    }

    [Theory]
    [InlineData("Block1", "block1")]
    [InlineData("FeedForward2", "feed_forward2")]
    [InlineData("QKVProjection", "qkv_projection")]
    [InlineData("already_snake", "already_snake")]
    [InlineData("_Private", "private")]
    [InlineData("A", "a")]
    [InlineData("ÄußereSchicht", "äußere_schicht")]
    [InlineData("@class", "class")]
    public void Blocks_are_named_in_snake_case(string method, string expected)
    {
        var declaration = Declarations.Read($$"""[Model] partial class M { [Flatten] private partial Tensor {{method}}(Tensor x); }""");

        Assert.Equal(expected, declaration.Blocks[0].StateName);
    }

    [Theory]
    [InlineData("Linear(4, Name = \"linear\"), Linear(4)", "body.linear")]
    [InlineData("Linear(4), Linear(4), Linear(4, Name = \"linear2\")", "body.linear2")]
    [InlineData("Linear(4, Name = \"fc\"), Linear(4, Name = \"fc.down\")", "body.fc.down")]
    public void Two_layers_have_no_place_in_common(string layers, string path)
    {
        var problem = Assert.Single(Declarations.Block(layers, "[Input(4)]").Problems);

        Assert.Equal("SN6013", problem.Id);
        Assert.Contains($"'{path}'", problem.Message);
    }

    [Theory]
    [InlineData("Name(\"a..b\"), Linear(4)")]
    [InlineData("Name(\"a b\"), Linear(4)")]
    [InlineData("Name(\".\"), Linear(4)")]
    [InlineData("Linear(4, Name = \"\")")]
    [InlineData("Linear(4, Name = \"ab c\")")]
    public void A_name_is_made_of_letters_digits_and_dots(string layers) =>
        Assert.Equal("SN6013", Assert.Single(Declarations.Block(layers, "[Input(4)]").Problems).Id);

    [Theory]
    [InlineData("nn.Module<Tensor, Tensor> body = nn.Linear(1, 1);", "body")]
    [InlineData("[Name(\"body.linear\")] nn.Module<Tensor, Tensor> other = nn.Linear(1, 1);", "body.linear")]
    [InlineData("[Name(\"body.linear.x\")] TorchSharp.Modules.Parameter other = new(zeros(1));", "body.linear.x")]
    [InlineData("[Name(\"body\")] TorchSharp.Modules.Linear other = nn.Linear(1, 1);", "body")]
    [InlineData("[Name(\"body.linear\")] List<TorchSharp.Modules.Linear> others = [];", "body.linear")]
    public void A_part_has_a_place_beside_the_layers(string part, string path)
    {
        var graph = Declarations.Graph($$"""[Model, Input(4)] partial class M { [Linear(4)] private partial Tensor Body(Tensor x); {{part}} }""");

        var problem = Assert.Single(graph.Problems);
        Assert.Equal("SN6013", problem.Id);
        Assert.Contains($"'{path}'", problem.Message);
    }

    [Fact]
    public void A_list_of_modules_shares_its_container_with_layers()
    {
        var graph = Declarations.Graph("""
            [Model, Input(4)] partial class M
            {
                [Linear(4)] private partial Tensor Body(Tensor x);
                [Name("body")] private readonly List<TorchSharp.Modules.Linear> _more = [];
            }
            """);

        Assert.Empty(graph.Problems);
    }

    [Fact]
    public void Parts_are_fields_and_auto_properties_that_hold_modules_or_parameters()
    {
        var declaration = Declarations.Read("""
            [Model] partial class M(TorchSharp.Modules.Linear captured)
            {
                private readonly TorchSharp.Modules.Linear _head = captured;
                public TorchSharp.Modules.Parameter Scale { get; init; } = null!;
                public TorchSharp.Modules.Parameter Shift { get; set; } = null!;
                private TorchSharp.Modules.Linear[] heads = [];
                [Name("renamed.part")] protected List<nn.Module<Tensor, Tensor>> Items { get; } = [];
                private static readonly TorchSharp.Modules.Linear s_shared = null!;
                private Tensor buffer = null!;
                private TorchSharp.Modules.Linear Computed => _head;
                private Dictionary<string, TorchSharp.Modules.Linear> byName = [];
                private M @event = null!;
                [Flatten] private partial Tensor Body(Tensor x);
            }
            """);

        Assert.Equal(
            [
                "_head head Module Field",
                "Scale scale Parameter Never",
                "Shift shift Parameter Assign",
                "heads heads Modules Assign",
                "Items renamed.part Modules Never",
                "buffer buffer Buffer Assign",
                "byName by_name Nested Assign",
                "@event event Module Assign"
            ],
            declaration.Parts.Select(part => $"{part.Member} {part.StateName} {part.Kind} {part.Write}"));
    }

    [Theory]
    [InlineData("namespace Demo { [Model] partial class M { } }", "Demo.M", "")]
    [InlineData("[Model] partial class M { }", "M", "")]
    [InlineData(
        "namespace A.B; partial class Outer<T> { partial record struct Inner { [Model] internal partial class M<U> { } } }",
        "A.B.Outer`1+Inner+M`1",
        "partial class Outer<T>|partial record struct Inner")]
    [InlineData("namespace @class.@new; partial interface @if { [Model] partial class M { } }", "class.new.if+M", "partial interface @if")]
    public void A_type_is_identified_by_its_metadata_name(string text, string name, string containers)
    {
        var type = Declarations.Read(Declarations.CompileRaw("using SourceNet; "
            + text.Replace("namespace A.B;", "namespace A.B {")
            + (text.Contains("A.B;") ? "}" : ""))).Type;

        Assert.Equal(name, type.MetadataName);
        Assert.Equal(containers, string.Join("|", type.Containers));
        Assert.True(type.CanExtend);
    }
}
