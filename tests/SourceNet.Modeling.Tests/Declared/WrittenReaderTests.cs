using SourceNet.Modeling.Passes;

namespace SourceNet.Modeling.Tests.Declared;

/// <summary>The hand-written forward of a declared model, as the graph that it becomes before its blocks are replaced by their layers.</summary>
public class WrittenReaderTests
{
    [Theory]
    [InlineData("=> B(A(input));", "input input; block A (0); block B (1) -> 2")]
    [InlineData("=> this.B(this.A(input))!;", "input input; block A (0); block B (1) -> 2")]
    [InlineData("{ var x = A(input); x = B(x); return x; }", "input input; block A (0); block B (1) -> 2")]
    [InlineData("{ Tensor x = A(input), y; y = B((x)); return y; }", "input input; block A (0); block B (1) -> 2")]
    [InlineData("{ using var x = A(input); return B(x); }", "input input; block A (0); block B (1) -> 2")]
    [InlineData("{ using (var x = A(input)) return B(x); }", "input input; block A (0); block B (1) -> 2")]
    [InlineData("{ using (no_grad()) { input = A(input); } return B(input); }", "input input; block A (0); block B (1) -> 2")]
    [InlineData("{ A(input); return B(input); }", "input input; block A (0); block B (0) -> 2")]
    [InlineData("{ ; return input + A(input) * B(input); }", "input input; block A (0); block B (0); product (1, 2); sum (0, 3) -> 4")]
    [InlineData("{ input += A(input); return B(input); }", "input input; block A (0); sum (0, 1); block B (2) -> 3")]
    [InlineData("=> A(input).relu().MoveToOuterDisposeScope();", "input input; block A (0); ReLU (1) -> 2")]
    [InlineData("=> nn.functional.dropout(A(input), 0.1);", "input input; block A (0); Dropout 0.1 (1) -> 2")]
    [InlineData("=> torch.sigmoid(A(input));", "input input; block A (0); Sigmoid (1) -> 2")]
    [InlineData("=> A(input).add_(input);", "input input; block A (0); sum (1, 0) -> 2")]
    [InlineData("=> cat([A(input), input], 1);", "input input; block A (0); cat axis 1 (1, 0) -> 2")]
    [InlineData("=> torch.cat(new[] { A(input), input }, -1);", "input input; block A (0); cat axis -1 (1, 0) -> 2")]
    [InlineData("=> B(Twice(input)); Tensor Twice(Tensor x) => A(A(x));", "input input; block A (0); block A (1); block B (2) -> 3")]
    [InlineData("{ Tensor F(Tensor x) => A(x); return B(F(input)); }", "input input; block A (0); block B (1) -> 2")]
    [InlineData("=> B(drop.call(A(input)));", "input input; block A (0); drop: Dropout 0.5 (1); block B (2) -> 3")]
    [InlineData("=> B(inner.call(A(input)));", "input input; block A (0); inner: Inner (1); block B (2) -> 3")]
    [InlineData(
        "{ foreach (var one in many) input = one.call(input); return B(input); }",
        "input input; many.0: Linear 4 -> 4 (0); many.1: Linear 4 -> 4 (1); block B (2) -> 3")]
    public void Code_becomes_steps_in_order(string forward, string expected) => Assert.Equal(expected, Steps(forward));

    [Theory]
    [InlineData("=> B(Strange(A(input), input));", "unknown")]
    [InlineData("=> training ? A(input) : input;", "either")]
    [InlineData("{ if (training) input = A(input); return B(input); }", "either")]
    [InlineData("{ for (var i = 0; i < Count; i++) { input = A(input); } return B(input); }", "either")]
    public void What_is_not_known_is_said_so(string forward, string expected) => Assert.Contains(expected, Steps(forward));

    [Theory]
    // In each of these the variable is another tensor by the time that B gets it.
    [InlineData("{ var x = A(input); Change(ref x); return B(x); }")]
    [InlineData("{ var x = A(input); Make(out x); return B(x); }")]
    [InlineData("{ var x = A(input); ref var y = ref x; y = input; return B(x); }")]
    [InlineData("{ var x = A(input); x.unsqueeze_(1); return B(x); }")]
    public void A_block_never_gets_a_variable_that_was_changed_behind_its_back(string forward) => Assert.DoesNotContain("block B (1)", Steps(forward));

    [Theory]
    [InlineData("{ var x = A(input); void F() { x = input; } F(); return B(x); }")]
    [InlineData("{ var x = A(input); Action f = () => x = input; f(); return B(x); }")]
    public void A_nested_function_changes_the_variables_around_it(string forward) => Assert.Equal("input input; block A (0); block B (0) -> 2", Steps(forward));

    [Fact]
    public void Code_that_jumps_is_not_taken_for_what_it_looks_like()
    {
        var model = Declarations.Read(Text("{ again: input = A(input); if (training) goto again; return B(input); }"));

        Assert.False(model.Written!.IsComplete);
    }

    [Theory]
    [InlineData("=> B(A(input));", false)]
    [InlineData("=> B(nn.functional.dropout(A(input), 0.1, training));", true)]
    public void Code_that_asks_for_the_mode_is_told(string forward, bool expected) =>
        Assert.Equal(expected, Declarations.Read(Text(forward)).Written!.AsksForMode);

    [Fact]
    public void Parts_are_modules_of_the_model_whether_the_forward_uses_them_or_not()
    {
        var graph = Declarations.Graph(Text("=> B(A(input));"));

        Assert.Equal(["drop Dropout", "inner Inner", "many.0 Linear", "many.1 Linear"], graph.Parts.Select(part => $"{part.Path} {part.Kind}"));
        Assert.Contains(graph.Plan, entry => entry is { Where: "drop", Kind: RegularizationKind.Dropout, Provenance: Provenance.Code });
    }

    private static string Steps(string forward)
    {
        var lines = GraphText.Of(Declarations.Read(Text(forward)).Written!).TrimEnd('\n').Split('\n');
        return string.Join("; ", lines[..^1].Select(line => line[(line.IndexOf(' ') + 1)..])) + " " + lines[^1];
    }

    private static string Text(string forward) => $$"""
        [Model, Input(4)]
        partial class M
        {
            private const string Name = "M";
            private static readonly int Count = Environment.ProcessorCount;
            private readonly TorchSharp.Modules.Dropout drop = nn.Dropout(0.5);
            private readonly Inner inner = new();
            private readonly TorchSharp.Modules.Linear[] many = [nn.Linear(4, 4), nn.Linear(4, 4)];
            [Linear(4)] private partial Tensor A(Tensor x);
            [Linear(4)] private partial Tensor B(Tensor x);
            static Tensor Strange(Tensor x, Tensor y) => x.bincount(y);
            static void Change(ref Tensor x) => x = zeros(3);
            static void Make(out Tensor x) => x = zeros(3);
            public override Tensor forward(Tensor input) {{forward}}
        }

        [Model, Input(4)]
        partial class Inner
        {
            [Linear(4)] private partial Tensor Body(Tensor x);
        }
        """;
}
