using SourceNet.Analyzers.Architecture;

namespace SourceNet.Analyzers.Tests.Architecture;

public class LayerInForwardTests
{
    [Theory]
    [InlineData("return {|SN3010:nn.Linear(8, 2)|}.call(x);")]
    [InlineData("using var layer = {|SN3010:nn.Conv1d(1, 2, 3)|}; return layer.call(x);")]
    [InlineData("var net = nn.Sequential({|SN3010:nn.Linear(8, 8)|}, {|SN3010:nn.ReLU()|}); return net.call(x);")]
    [InlineData("return {|SN3010:nn.Dropout(0.5)|}.call(x);")]
    [InlineData("return x * {|SN3010:nn.Parameter(ones(8))|};")]
    [InlineData("return {|SN3010:new Part()|}.call(x);")]
    public Task A_layer_made_in_forward_fires(string body) => Forward(body);

    [Theory]
    [InlineData("kept ??= nn.Linear(8, 2); return kept.call(x);")]
    [InlineData("if (kept is null) { kept = nn.Linear(8, 2); register_module(\"kept\", kept); } return kept.call(x);")]
    [InlineData("return nn.functional.relu(x);")]
    [InlineData("return nn.MSELoss().call(x, x);")]
    [InlineData("return nn.Identity().call(x);")]
    [InlineData("var w = nn.Parameter(ones(8)); using var sgd = optim.SGD([w], 0.1); sgd.step(); return w * x;")]
    public Task A_layer_that_is_kept_or_none_is_silent(string body) => Forward(body);

    [Fact]
    public Task What_happens_is_said() => Code<LayerInForward>.Reports(
        Net("var y = {|SN3010:nn.Linear(8, 2)|}.call(x); return {|SN3010:nn.Dropout(0.5)|}.call(y);"),
        "Linear is made anew at each forward: its weights begin anew each time, and no optimizer trains them. Make it in the constructor and keep it in a "
            + "field.",
        "Dropout is made anew at each forward, in train mode, and eval() never reaches it: it stays active in eval mode. Make it in the constructor, or use "
            + "the function with 'training:'.");

    [Fact]
    public Task A_layer_made_elsewhere_is_silent() => Code<LayerInForward>.IsSilent(
        "class Factory { public nn.Module<Tensor, Tensor> forward(int size) => nn.Linear(size, 2); }");

    private static Task Forward(string body) => Code<LayerInForward>.Reports(Net(body));

    private static string Net(string body) =>
        $$"""
        class Part : nn.Module<Tensor, Tensor>
        {
            public Part() : base("part") { }

            public override Tensor forward(Tensor x) => x.alias();
        }

        class Net : nn.Module<Tensor, Tensor>
        {
            private Linear? kept;

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                {{body}}
            }
        }
        """;
}
