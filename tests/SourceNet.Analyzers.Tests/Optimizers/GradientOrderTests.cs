using SourceNet.Analyzers.Optimizers;
using SourceNet.CodeFixes.Optimizers;

namespace SourceNet.Analyzers.Tests.Optimizers;

/// <summary>SN2009 and SN2010.</summary>
public class GradientOrderTests
{
    private const string Loss = "var loss = nn.functional.cross_entropy(net.call(x), y);";

    [Theory]
    [InlineData($"foreach (var (x, y) in batches) {{ {Loss} {{|SN2009:loss.backward|}}(); optimizer.step(); }}")]
    [InlineData($"for (var epoch = 0; epoch < 3; epoch++) foreach (var (x, y) in batches) {{ {Loss} {{|SN2009:loss.backward|}}(); optimizer.step(); }}")]
    [InlineData($"var i = 0; foreach (var (x, y) in batches) {{ {Loss} {{|SN2009:loss.backward|}}(); if (++i % 4 == 0) optimizer.step(); }}")]
    [InlineData(
        $"foreach (var (x, y) in batches) {{ using var scope = NewDisposeScope(); {Loss} {{|SN2009:loss.backward|}}(); "
            + $"nn.utils.clip_grad_norm_(net.parameters(), 1); optimizer.step(); Console.WriteLine(loss.item<float>()); }}")]
    public Task A_loop_that_never_empties_gradients_is_found(string body) => Code<GradientOrder>.Reports(Method(body));

    [Theory]
    [InlineData($"foreach (var (x, y) in batches) {{ optimizer.zero_grad(); {Loss} loss.backward(); optimizer.step(); }}")]
    [InlineData($"foreach (var (x, y) in batches) {{ net.zero_grad(); {Loss} loss.backward(); optimizer.step(); }}")]
    [InlineData($"foreach (var (x, y) in batches) {{ {Loss} loss.backward(); optimizer.step(); optimizer.zero_grad(); }}")]
    [InlineData($"var i = 0; foreach (var (x, y) in batches) {{ {Loss} loss.backward(); if (++i % 4 == 0) {{ optimizer.step(); optimizer.zero_grad(); }} }}")]
    [InlineData(
        $"foreach (var (x, y) in batches) {{ {Loss} loss.backward(); optimizer.step(); foreach (var parameter in net.parameters()) parameter.grad = null; }}")]
    [InlineData(
        $"foreach (var (x, y) in batches) {{ {Loss} loss.backward(); optimizer.step(); foreach (var parameter in net.parameters()) parameter.grad!.zero_(); "
            + $"}}")]
    [InlineData($"foreach (var (x, y) in batches) {{ {Loss} loss.backward(); optimizer.step(); Reset(optimizer); }}")]
    [InlineData($"foreach (var (x, y) in batches) {{ Action empty = () => optimizer.zero_grad(); empty(); {Loss} loss.backward(); optimizer.step(); }}")]
    [InlineData(
        "foreach (var (x, y) in batches) optimizer.step(() => { optimizer.zero_grad(); var loss = net.call(x).sum(); loss.backward(); return loss; });")]
    [InlineData("foreach (var (x, y) in batches) Step(x, y);")]
    public Task A_loop_that_empties_them_somewhere_is_silent(string body) => Code<GradientOrder>.IsSilent(Method(body));

    [Fact]
    public Task One_step_without_a_loop_is_silent() => Code<GradientOrder>.IsSilent(Method("net.call(zeros(1)).sum().backward(); optimizer.step();"));

    [Theory]
    [InlineData(
        "foreach (var (x, y) in batches) { net.call(x); {|SN2010:optimizer.step|}(); }",
        "No backward() comes before this step: there are no gradients, and no weight changes. Call backward() on the loss first.")]
    [InlineData(
        $"foreach (var (x, y) in batches) {{ {Loss} loss.backward(); optimizer.zero_grad(); {{|SN2010:optimizer.step|}}(); }}",
        "zero_grad() between backward() and this step throws the gradients away: no weight changes. Call it before backward().")]
    [InlineData(
        $"foreach (var (x, y) in batches) {{ optimizer.zero_grad(); {Loss} {{|SN2010:optimizer.step|}}(); loss.backward(); }}",
        "backward() comes after this step, and zero_grad() before it: the step never sees a gradient. Step after backward().")]
    [InlineData(
        $"var scheduler = optim.lr_scheduler.StepLR(optimizer, 1); for (var epoch = 0; epoch < 3; epoch++) {{ {{|SN2010:scheduler.step|}}(); foreach (var "
            + $"(x, y) in batches) {{ optimizer.zero_grad(); {Loss} loss.backward(); optimizer.step(); }} }}",
        "The scheduler steps before the optimizer has: the first learning rate is skipped. Step the scheduler after the optimizer.")]
    public Task A_step_at_the_wrong_place_is_found(string body, string message) => Code<GradientOrder>.Reports(Method(body), message);

    [Theory]
    [InlineData($"foreach (var (x, y) in batches) {{ {Loss} optimizer.zero_grad(); loss.backward(); optimizer.step(); }}")]
    [InlineData(
        $"using var other = optim.SGD(net.parameters(), 1); foreach (var (x, y) in batches) {{ {Loss} other.zero_grad(); loss.backward(); "
            + $"optimizer.zero_grad(); other.step(); }}")]
    [InlineData("foreach (var (x, y) in batches) { Backward(x); optimizer.step(); }")]
    [InlineData("foreach (var (x, y) in batches) { foreach (var parameter in net.parameters()) parameter.grad = ones(1); optimizer.step(); }")]
    [InlineData(
        $"var scheduler = optim.lr_scheduler.StepLR(optimizer, 1); for (var epoch = 0; epoch < 3; epoch++) {{ foreach (var (x, y) in batches) {{ "
            + $"optimizer.zero_grad(); {Loss} loss.backward(); optimizer.step(); }} scheduler.step(); }}")]
    [InlineData(
        $"var scheduler = optim.lr_scheduler.OneCycleLR(optimizer, 1, 9); foreach (var (x, y) in batches) {{ optimizer.zero_grad(); {Loss} loss.backward(); "
            + $"optimizer.step(); scheduler.step(); }}")]
    [InlineData(
        $"using var other = optim.SGD(net.parameters(), 1); var scheduler = optim.lr_scheduler.StepLR(other, 1); foreach (var (x, y) in batches) {{ "
            + $"scheduler.step(); optimizer.zero_grad(); {Loss} loss.backward(); optimizer.step(); }}")]
    public Task A_step_at_its_place_is_silent(string body) => Code<GradientOrder>.IsSilent(Method(body));

    [Fact]
    public async Task Calls_that_cannot_be_resolved_may_be_what_is_missed() =>
        Assert.Empty(
            await Sources.Of(Method("foreach (var (x, y) in batches) { var loss = Unknown(net.call(x)); loss.backward(); optimizer.step(); }"))
                .Analyze(new Only<GradientOrder>()));

    [Fact]
    public Task The_fix_empties_them_before_the_backward_pass() => Code<GradientOrder>.Fixes<EmptyGradientsFix>(
        """
        class Trainer
        {
            void Fit(nn.Module<Tensor, Tensor> net, optim.Optimizer optimizer, IEnumerable<Tensor> batches)
            {
                foreach (var x in batches)
                {
                    var loss = net.call(x).sum();
                    {|SN2009:loss.backward|}();
                    optimizer.step();
                }
            }
        }
        """,
        """
        class Trainer
        {
            void Fit(nn.Module<Tensor, Tensor> net, optim.Optimizer optimizer, IEnumerable<Tensor> batches)
            {
                foreach (var x in batches)
                {
                    var loss = net.call(x).sum();
                    optimizer.zero_grad();
                    loss.backward();
                    optimizer.step();
                }
            }
        }
        """);

    private static string Method(string body) =>
        $$"""
        class Trainer
        {
            void Fit(nn.Module<Tensor, Tensor> net, optim.Optimizer optimizer, IEnumerable<(Tensor X, Tensor Y)> batches) { {{body}} }
            void Step(Tensor x, Tensor y) { }
            void Backward(Tensor x) => x.backward();
            static void Reset(optim.Optimizer optimizer) => optimizer.zero_grad();
        }
        """;
}
