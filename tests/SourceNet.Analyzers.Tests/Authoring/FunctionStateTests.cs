using SourceNet.Analyzers.Authoring;

namespace SourceNet.Analyzers.Tests.Authoring;

public class FunctionStateTests
{
    [Fact]
    public Task A_field_that_backward_reads_is_reported() => Code<FunctionState>.Reports(
        Square("{|SN5009:_x|} = (Tensor)vars[0];", "_x!"),
        "TorchSharp makes one 'Square' for all calls, so a second forward overwrites '_x' before the first backward reads it. Use ctx.save_for_backward or "
            + "ctx.save_data.");

    [Theory]
    [InlineData("ctx.save_for_backward([(Tensor)vars[0]]);", "ctx.get_saved_variables()[0]")]
    [InlineData("_x = (Tensor)vars[0];", "ctx.get_saved_variables()[0]")]
    [InlineData("", "_x!")]
    [InlineData("_scale = 2;", "_scale")]
    public Task State_of_one_call_in_the_context_is_silent(string forward, string saved) => Code<FunctionState>.IsSilent(Square(forward, saved));

    private static string Square(string forward, string saved) =>
        $$"""
        class Square : torch.autograd.SingleTensorFunction<Square>
        {
            private Tensor? _x;
            private float _scale;
            public float Scale => _scale;
            public override string Name => "Square";
            public override Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars) { {{forward}} return (Tensor)vars[0]; }
            public override List<Tensor> backward(torch.autograd.AutogradContext ctx, Tensor grad) => [2 * {{saved}} * grad];
            public void Forget() => _x = null;
        }
        """;
}
