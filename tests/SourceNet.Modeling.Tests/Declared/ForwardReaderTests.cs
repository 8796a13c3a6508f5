using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Tests.Declared;

public class ForwardReaderTests
{
    [Theory]
    [InlineData("=> B(A(input));", "return B(A(input))")]
    [InlineData("=> this.B(this.A(input))!;", "return B(A(input))")]
    [InlineData("{ var x = A(input); x = B(x); return x; }", "x = A(input); x = B(x); return x")]
    [InlineData("{ Tensor x = A(input), y; y = B((x)); return y; }", "x = A(input); y = B(x); return y")]
    [InlineData("{ using var x = A(input); return B(x); }", "x = A(input); return B(x)")]
    [InlineData("{ using (var x = A(input)) return B(x); }", "x = A(input); return B(x)")]
    [InlineData("{ using (no_grad()) { input = A(input); } return B(input); }", " = ?(); input = A(input); return B(input)")]
    [InlineData("{ using (A(input)) { } return B(input); }", " = A(input); return B(input)")]
    [InlineData("{ A(input); return B(input); }", " = A(input); return B(input)")]
    [InlineData("{ _ = A(input); return B(input); }", "_ = A(input); return B(input)")]
    [InlineData("{ ; return input + A(input) * B(input); }", "return input & A(input) & B(input)")]
    [InlineData("{ input += A(input); return B(input); }", "input = input & A(input); return B(input)")]
    [InlineData("=> A(input).relu().MoveToOuterDisposeScope();", "return A(input)")]
    [InlineData("=> nn.functional.dropout(A(input), 0.1);", "return A(input)")]
    [InlineData("=> functional.gelu(A(input));", "return A(input)")]
    [InlineData("=> torch.sigmoid(A(input));", "return A(input)")]
    [InlineData("=> A(input).add_(input);", "return A(input)")]
    [InlineData("=> cat([A(input), input], 1);", "return cat(A(input), input; 1)")]
    [InlineData("=> torch.cat(new[] { A(input), input }, -1);", "return cat(A(input), input; -1)")]
    [InlineData("=> concat(new Tensor[] { input });", "return cat(input; 0)")]
    public void Straight_code_is_read_in_order(string forward, string expected) => Assert.Equal(expected, Text(Flow(forward)));

    [Theory]
    [InlineData("=> B(A(input).exp());", "return B(?(A(input)))")]
    [InlineData("=> B(Strange(A(input), input));", "return B(?(A(input), input))")]
    [InlineData("=> training ? A(input) : input;", "return ?(training, A(input), input)")]
    [InlineData("=> B(input[A(input)]);", "return B(?(input, A(input)))")]
    [InlineData("{ var (x, y) = (A(input), B(input)); return x; }", " = ?(A(input), B(input)); return x")]
    [InlineData("=> cat([.. many, input], 1);", "return ?(?(many, input), ?())")]
    [InlineData("=> cat([A(input), input], axis);", "return ?(A(input), input)")]
    [InlineData("{ held[0] = A(input); return B(input); }", " = A(input); return B(input)")]
    [InlineData("{ input ??= A(input); return B(input); }", "input = ?(A(input)); return B(input)")]
    public void What_is_not_understood_is_unknown_but_the_calls_inside_are_seen(string forward, string expected) => Assert.Equal(expected, Text(Flow(forward)));

    [Theory]
    [InlineData("{ if (training) input = A(input); return B(input); }", "input = ?();  = A(?()); return B(input)")]
    [InlineData("{ for (var i = 0; i < 3; i++) { input = A(input); } return B(input); }", "input = ?();  = A(?()); return B(input)")]
    [InlineData("{ foreach (var each in many) A(each); return B(input); }", " = A(?()); return B(input)")]
    [InlineData("{ try { return A(input); } finally { } }", " = A(?()); return ?()")]
    [InlineData("{ if (training) return A(input); return B(input); }", " = A(?()); return ?(?(), B(input))")]
    [InlineData("{ return A(input); return B(input); }", "return ?(A(input), B(input))")]
    public void What_may_run_never_or_often_leaves_its_variables_unknown(string forward, string expected) => Assert.Equal(expected, Text(Flow(forward)));

    [Theory]
    // In each of these the variable is another tensor by the time that B gets it.
    [InlineData("{ var x = A(input); void F() { x = input; } F(); return B(x); }")]
    [InlineData("{ var x = A(input); Action f = () => x = input; f(); return B(x); }")]
    [InlineData("{ var x = A(input); Change(ref x); return B(x); }")]
    [InlineData("{ var x = A(input); Make(out x); return B(x); }")]
    [InlineData("{ var x = A(input); ref var y = ref x; y = input; return B(x); }")]
    [InlineData("{ var x = A(input); (x, input) = (input, x); return B(x); }")]
    [InlineData("{ var x = A(input); Strange(x = input); return B(x); }")]
    [InlineData("{ var x = A(input); x.unsqueeze_(1); return B(x); }")]
    public void A_variable_that_changes_out_of_order_is_never_known(string forward) => Assert.EndsWith("return B(?())", Text(Flow(forward)));

    [Theory]
    [InlineData("{ Tensor F(Tensor input) => A(input); return B(F(input)); }", " = ?(A(?())); return B(?(input))")]
    [InlineData("=> B(Map(input => A(input)));", "return B(?(?(A(?()))))")]
    [InlineData("=> B(Map(delegate(Tensor t) { return A(t); }));", "return B(?(?(A(?()))))")]
    public void A_nested_function_gets_what_it_is_called_with(string forward, string expected) => Assert.Equal(expected, Text(Flow(forward)));

    [Theory]
    [InlineData("(Tensor input) { again: input = A(input); if (training) goto again; return B(input); }")]
    [InlineData("(Tensor input, int other) => A(input);")]
    public void Code_that_jumps_or_takes_more_than_one_tensor_is_not_read(string forward) =>
        Assert.Null(Declarations.Read(Text("").Replace("(Tensor input) \n", forward + "\n")).Forward);

    [Fact]
    public void A_chain_of_any_length_is_read_to_a_fixed_depth()
    {
        var flow = Flow($"=> {string.Concat(Enumerable.Repeat("A(", 300))}input{new string(')', 300)};");

        Assert.StartsWith("return A(A(", Text(flow));
        Assert.Contains("A(?())", Text(flow));
    }

    private static ForwardFlow Flow(string forward) => Declarations.Read(Text(forward)).Forward!;

    private static string Text(string forward) => $$"""
        [Model, Input(4)]
        partial class M
        {
            [Linear(4)] private partial Tensor A(Tensor x);
            [Linear(4)] private partial Tensor B(Tensor x);
            public override Tensor forward(Tensor input) {{forward}}
        }
        """;

    /// <summary>The flow as its steps would be written; <c>?</c> holds the tensors that go into something unknown.</summary>
    private static string Text(ForwardFlow flow) =>
        string.Join("; ", flow.Steps.Select(step => $"{step.Variable} = {Text(step.Value)}").Append($"return {Text(flow.Result)}"));

    private static string Text(FlowValue value) => value switch
    {
        FlowValue.Variable variable => variable.Name,
        FlowValue.BlockCall call => $"{call.Block}({Text(call.Argument)})",
        FlowValue.Elementwise pair => $"{Text(pair.Left)} & {Text(pair.Right)}",
        FlowValue.Concatenation all => $"cat({string.Join(", ", all.Items.Select(Text))}; {all.Axis})",
        FlowValue.Unknown unknown => $"?({string.Join(", ", unknown.Inside.Select(Text))})",
        _ => throw new ArgumentException(value.ToString()),
    };
}
