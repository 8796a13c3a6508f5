using SourceNet.Analyzers.Authoring;

namespace SourceNet.Analyzers.Tests.Authoring;

public class UnscopedLoopTests
{
    [Theory]
    [InlineData("{|SN5007:foreach|} (var x in batches) { model.call(x).mean().backward(); optimizer.step(); }")]
    [InlineData("{|SN5007:for|} (var i = 0; i < 3; i++) Console.WriteLine(model.forward(batches[i]).item<float>());")]
    [InlineData("using var scope = NewDisposeScope(); {|SN5007:foreach|} (var x in batches) { var loss = model.call(x).mean(); loss.backward(); }")]
    [InlineData("for (var epoch = 0; epoch < 3; epoch++) { {|SN5007:foreach|} (var x in batches) { model.call(x); } }")]
    public Task A_loop_that_frees_nothing_is_reported_once(string body) => Code<UnscopedLoop>.Reports(Loop(body));

    [Theory]
    [InlineData("foreach (var x in batches) { using var scope = NewDisposeScope(); model.call(x).mean().backward(); }")]
    [InlineData("foreach (var x in batches) { using (NewDisposeScope()) { model.call(x).mean().backward(); } }")]
    [InlineData("using var scope = NewDisposeScope(); foreach (var x in batches) { model.call(x).mean().backward(); scope.DisposeEverything(); }")]
    [InlineData("foreach (var x in batches) { using var y = model.call(x); using var loss = y.mean(); loss.backward(); }")]
    [InlineData("foreach (var x in batches) { var y = model.call(x); y.Dispose(); }")]
    [InlineData("foreach (var x in batches) { Step(x); }")]
    [InlineData("model.call(batches[0]).mean().backward();")]
    public Task A_loop_that_frees_its_tensors_is_silent(string body) => Code<UnscopedLoop>.IsSilent(Loop(body));

    [Fact]
    public Task A_loop_over_layers_inside_a_module_is_silent() => Code<UnscopedLoop>.IsSilent(
        "class Net(List<Linear> layers) : nn.Module<Tensor, Tensor>(\"Net\") { public override Tensor forward(Tensor x) { foreach (var layer in layers) { x "
            + "= layer.call(x); } return x; } }");

    private static string Loop(string body) =>
        $"class Trainer {{ void Train(nn.Module<Tensor, Tensor> model, optim.Optimizer optimizer, Tensor[] batches) {{ void Step(Tensor x) {{ using var "
            + $"scope = NewDisposeScope(); model.call(x).mean().backward(); }} Step(batches[0]); {body} }} }}";
}
