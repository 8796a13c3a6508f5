using SourceNet.CodeFixes.Mode;

namespace SourceNet.Analyzers.Tests.Mode;

/// <summary>The hints about predictions: SN1002, SN1004, SN1010, SN1011.</summary>
public class PredictionTests
{
    [Theory]
    [InlineData("public Tensor Predict(Net net, Tensor x) => {|SN1002:net.call|}(x);")]
    [InlineData("public Tensor Run(Net net, Tensor x) { using var _ = no_grad(); return {|SN1002:net.call|}(x); }")]
    [InlineData("private readonly Net _net; public Service(Net net) => _net = net; public Tensor EvaluateAsync(Tensor x) => {|SN1002:_net.call|}(x);")]
    [InlineData("public Tensor Go(Net net, Tensor x) => Score(net, x); private static Tensor Score(Net model, Tensor x) => {|SN1002:model.call|}(x);")]
    public Task A_prediction_that_does_not_know_the_mode_is_a_hint(string member) => Net.Reports($"class Service {{ {member} }}");

    [Theory]
    [InlineData("public Tensor Predict(Net net, Tensor x) { net.eval(); using var _ = no_grad(); return net.call(x); }")]
    [InlineData("public Tensor Forward(Net net, Tensor x) => net.call(x);")]
    [InlineData("public Tensor Predict(Plain net, Tensor x) => net.call(x);")]
    [InlineData("public void Test(Net net, Tensor x) => net.call(x).sum().backward();")]
    [InlineData(
        "public Tensor Go(Net net, Tensor x) { net.eval(); using var _ = no_grad(); return Score(net, x); } private static Tensor Score(Net model, Tensor "
            + "x) => model.call(x);")]
    [InlineData("public Tensor Testify(Net net, Tensor x) => net.call(x);")]
    public Task A_prediction_that_sets_it_is_silent(string member) => Net.IsSilent($"class Service {{ {member} }}");

    [Theory]
    [InlineData("public Tensor Predict(Net net, Tensor x) { net.eval(); return {|SN1004:net.call|}(x); }")]
    [InlineData("public float Run(Plain net, Tensor x) { net.eval(); var y = {|SN1004:net.call|}(x); return y.mean().item<float>(); }")]
    [InlineData("public long Run(Net net, Tensor x) { net.eval(); return {|SN1004:net.call|}(x).argmax(1).item<long>(); }")]
    public Task Gradients_for_nothing_are_a_hint(string member) => Net.Reports($"class Service {{ {member} }}");

    [Theory]
    [InlineData("public Tensor Run(Net net, Tensor x) { net.eval(); return net.call(x); }")]
    [InlineData("private Tensor? _last; public void Run(Net net, Tensor x) { net.eval(); _last = net.call(x); }")]
    [InlineData("public void Run(Net net, Tensor x) { net.eval(); var y = net.call(x); Keep(y); } static void Keep(Tensor y) { }")]
    [InlineData("public Tensor Predict(Net net, Tensor x) { net.eval(); using var _ = inference_mode(); return net.call(x); }")]
    [InlineData("public Tensor EvaluateSaliency(Net net, Tensor x) { net.eval(); net.call(x.requires_grad_()).sum().backward(); return x.grad!; }")]
    public Task A_result_that_may_go_backward_is_silent(string member) => Net.IsSilent($"class Service {{ {member} }}");

    [Theory]
    [InlineData("var net = new Net(); net.load(\"net.dat\"); Console.WriteLine({|SN1010:net.call|}(x).argmax());")]
    [InlineData("var net = new Net(); net.load_state_dict(new()); var y = {|SN1010:net.call|}(x);")]
    public Task A_loaded_module_without_eval_is_a_hint(string body) => Net.Reports(Net.Method(body));

    [Theory]
    [InlineData("var net = new Net(); net.load(\"net.dat\"); net.eval(); using var _ = no_grad(); net.call(x);")]
    [InlineData("var net = new Net(); net.load(\"net.dat\"); net.call(x).sum().backward();")]
    [InlineData("var net = new Net(); net.load(\"net.dat\"); net.train(); net.call(x);")]
    public Task A_loaded_module_with_eval_or_in_training_is_silent(string body) => Net.IsSilent(Net.Method(body));

    [Theory]
    [InlineData("class Probe { public long Width { get; } public Probe(Net net) { var own = new Net(); Width = {|SN1011:own.call|}(zeros(1, 4)).shape[1]; } }")]
    [InlineData("class Probe { long Width() { var net = new Net(); var y = {|SN1011:net.call|}(torch.zeros(1, 4)); return y.shape[1]; } }")]
    [InlineData("class Probe { long Width() { var net = new Net(); var x = rand(1, 4); return {|SN1011:net.call|}(x).numel(); } }")]
    public Task A_trial_run_in_train_mode_is_a_hint(string source) => Net.Reports(source);

    [Theory]
    [InlineData("class Probe { long Width() { var net = new Net(); net.eval(); using var _ = no_grad(); return net.call(zeros(1, 4)).shape[1]; } }")]
    [InlineData("class Probe { float Mean() { var net = new Net(); return net.call(zeros(1, 4)).mean().item<float>(); } }")]
    [InlineData("class Probe { long Width() { var net = new Plain(); return net.call(zeros(1, 4)).shape[1]; } }")]
    public Task A_trial_run_in_eval_mode_or_of_data_is_silent(string source) => Net.IsSilent(source);

    [Fact]
    public Task The_fix_opens_inference_mode() => Net.Fixes<InferenceScopeFix>(
        """
        class Service
        {
            public long Predict(Net net, Tensor x)
            {
                net.eval();
                return {|SN1004:net.call|}(x).argmax().item<long>();
            }
        }
        """,
        """
        class Service
        {
            public long Predict(Net net, Tensor x)
            {
                net.eval();
                using var inference = torch.inference_mode();
                return net.call(x).argmax().item<long>();
            }
        }
        """);

    [Fact]
    public Task The_fix_calls_eval_after_loading() => Net.Fixes<LoadedWithoutEvalFix>(
        """
        var net = new Net();
        net.load("net.dat");
        Console.WriteLine({|SN1010:net.call|}(zeros(1, 4)).argmax());

        """,
        """
        var net = new Net();
        net.load("net.dat");
        net.eval();
        Console.WriteLine(net.call(zeros(1, 4)).argmax());

        """);

    [Fact]
    public Task The_fix_calls_eval_in_a_prediction() => Net.Fixes<ModeNotSetFix>(
        """
        class Service
        {
            public Tensor Run(Net net, Tensor x)
            {
                using var _ = no_grad();
                return {|SN1002:net.call|}(x);
            }
        }
        """,
        """
        class Service
        {
            public Tensor Run(Net net, Tensor x)
            {
                using var _ = no_grad();
                net.eval();
                return net.call(x);
            }
        }
        """);
}
