using SourceNet.CodeFixes.Mode;

namespace SourceNet.Analyzers.Tests.Mode;

/// <summary>SN1001, and with it how modes and gradient scopes are followed.</summary>
public class TrainWithoutGradientsTests
{
    [Theory]
    [InlineData("var net = new Net(); using var _ = no_grad(); {|SN1001:net.call|}(x);")]
    [InlineData("var net = new Net(); using (inference_mode()) { {|SN1001:net.forward|}(x); }")]
    [InlineData("var net = new Net(); using (set_grad_enabled(false)) {|SN1001:net.call|}(x);")]
    [InlineData("var net = new Net(); using (enable_grad(false)) {|SN1001:net.call|}(x);")]
    [InlineData("using var net = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4)); using var _ = no_grad(); {|SN1001:net.call|}(x);")]
    [InlineData("var net = new Net(); net.eval(); net.train(); using var _ = no_grad(); {|SN1001:net.call|}(x);")]
    [InlineData("var net = new Net(); net.eval(); net.train(true); using var _ = no_grad(); {|SN1001:net.call|}(x);")]
    [InlineData("var net = new Net().to(CPU); using var _ = no_grad(); {|SN1001:net.call|}(x);")]
    [InlineData("var net = new Net(); var same = net; using var _ = no_grad(); {|SN1001:same.call|}(x);")]
    [InlineData("nn.Module<Tensor, Tensor> net; net = new Net(); using var _ = no_grad(); {|SN1001:net.call|}(x);")]
    [InlineData("var net = new Net(); net.load(\"net.dat\"); using var _ = no_grad(); {|SN1001:net.call|}(x);")]
    [InlineData("var net = new Net(); using var optimizer = optim.SGD(net.parameters(), 0.1); using var _ = no_grad(); {|SN1001:net.call|}(x);")]
    [InlineData("var net = new Net(); using (no_grad()) using (NewDisposeScope()) { {|SN1001:net.call|}(x).argmax(1); }")]
    public Task A_new_module_runs_in_train_mode_without_gradients(string body) => Net.Reports(Net.Method(body));

    [Theory]
    [InlineData("nn.Sequential(nn.Linear(4, 8), new SourceNet.Layers.RMSNorm(8))")]
    [InlineData("new SourceNet.Layers.Attention(8, 2)")]
    [InlineData("nn.Dropout(0)")]
    [InlineData("nn.LSTM(4, 8, dropout: 0.5)")]
    [InlineData("nn.Sequential(nn.Linear(4, 8), nn.GroupNorm(2, 8), nn.GELU(), nn.MaxPool1d(2))")]
    public Task A_module_that_is_the_same_in_both_modes_may_run_in_either(string module) =>
        Net.IsSilent(Net.Method($"var net = {module}; using var _ = no_grad(); net.call(x);"));

    [Theory]
    [InlineData("nn.Dropout(0.5)", "dropout still drops")]
    [InlineData("nn.BatchNorm1d(4)", "batch norm uses and learns the statistics of the batch")]
    [InlineData("nn.Sequential(nn.BatchNorm1d(4), nn.Dropout(0.1))", "batch norm uses and learns the statistics of the batch, and dropout still drops")]
    [InlineData("new SourceNet.Layers.DropPath(0.3)", "drop path still skips blocks")]
    [InlineData("new SourceNet.Layers.Attention(8, 2, dropout: 0.4)", "attention's dropout still drops")]
    [InlineData("nn.LSTM(4, 8, numLayers: 2, dropout: 0.5)", "LSTM's dropout still drops")]
    public Task The_message_names_what_depends_on_the_mode(string module, string effect) => Net.Reports(
        Net.Method($"var net = {module}; using var _ = no_grad(); {{|SN1001:net.call|}}(x);"),
        $"'net' runs in train mode though gradients are off: {effect}. Call net.eval() first.");

    [Theory]
    [InlineData("[Attention(4)] private partial Tensor A(Tensor x);", "", false)]
    [InlineData("[Linear(16), Dropout(0)] private partial Tensor A(Tensor x);", ", Dropout(0.5)", false)]
    [InlineData("[Linear(16)] private partial Tensor A(Tensor x);", ", Dropout(0.5)", true)]
    [InlineData("[Linear(16), DropConnect(0.5)] private partial Tensor A(Tensor x);", "", true)]
    [InlineData("[Linear(16), Dropout(0.5), Frozen] private partial Tensor A(Tensor x);", "", false)]
    [InlineData("[Linear(16), Dropout(0.5), Frozen(UntilEpoch = 3)] private partial Tensor A(Tensor x);", "", true)]
    [InlineData("[Frozen] private readonly TorchSharp.Modules.Sequential stem = nn.Sequential(nn.Linear(16, 16), nn.Dropout(0.5)); [Linear(16)] private "
        + "partial Tensor A(Tensor x); public override Tensor forward(Tensor input) => A(stem.call(input));", "", false)]
    [InlineData("private readonly TorchSharp.Modules.Dropout drop = nn.Dropout(0.5); [Linear(16)] private partial Tensor A(Tensor x); "
        + "public override Tensor forward(Tensor input) => A(drop.call(input));", "", true)]
    [InlineData("private readonly TorchSharp.Modules.Linear mix = nn.Linear(16, 16); [Linear(16)] private partial Tensor A(Tensor x); "
        + "public override Tensor forward(Tensor input) => A(mix.call(input));", "", false)]
    public Task A_declared_model_depends_on_the_mode_by_its_layers_and_parts(string members, string attributes, bool depends) =>
        (depends ? (Func<string, Task>)(text => Net.Reports(text)) : Net.IsSilent)(
        "[Model, Input(\"T\", 16)" + attributes + "] public sealed partial class Declared : SourceNet.Model { " + members + " }"
        + Net.Method(depends
            ? "var net = new Declared(); using var _ = no_grad(); {|SN1001:net.call|}(x);"
            : "var net = new Declared(); using var _ = no_grad(); net.call(x);"));

    [Theory]
    [InlineData("var net = new Net(); net.eval(); using var _ = no_grad(); net.call(x);")]
    [InlineData("var net = new Net(); using var _ = no_grad(); net.eval(); net.call(x);")]
    [InlineData("var net = new Net(); net.train(false); using var _ = no_grad(); net.call(x);")]
    [InlineData("var net = new Net(); var same = net; same.eval(); using var _ = no_grad(); net.call(x);")]
    [InlineData("var net = new Net(); net.to(CPU).eval(); using var _ = no_grad(); net.call(x);")]
    [InlineData("var net = new Net(); using (net.EvalScope()) using (no_grad()) net.call(x);")]
    [InlineData("var net = new Net(); using (net.MonteCarloDropout()) using (no_grad()) net.call(x);")]
    public Task In_eval_mode_it_is_silent(string body) => Net.IsSilent(Net.Method(body));

    [Theory]
    [InlineData("var net = new Net(); net.call(x).sum().backward();")]
    [InlineData("var net = new Net(); using (no_grad()) { } net.call(x).sum().backward();")]
    [InlineData("var net = new Net(); using (no_grad()) using (enable_grad()) net.call(x).sum().backward();")]
    [InlineData("var net = new Net(); using (inference_mode(false)) net.call(x).sum().backward();")]
    [InlineData("var net = new Net(); using (set_grad_enabled(flag)) net.call(x);")]
    [InlineData("var net = new Net(); var scope = no_grad(); scope.Dispose(); net.call(x).sum().backward();")]
    public Task With_gradients_it_is_silent(string body) => Net.IsSilent(Net.Method(body));

    [Theory]
    [InlineData("var net = new Plain(); using var _ = no_grad(); net.call(x);")]
    [InlineData("var net = nn.Linear(4, 2); using var _ = no_grad(); net.call(x);")]
    [InlineData("var net = nn.Sequential((\"fc\", nn.Linear(4, 2)), (\"act\", nn.GELU())); using var _ = no_grad(); net.call(x);")]
    [InlineData("var net = nn.LSTM(4, 2); using var _ = no_grad(); net.call(x);")]
    [InlineData("var loss = nn.CrossEntropyLoss(); using var _ = no_grad(); loss.call(x, labels);")]
    public Task A_module_without_a_mode_to_forget_is_silent(string body) => Net.IsSilent(Net.Method(body));

    [Theory]
    [InlineData("var net = new Net(); if (flag) { net.eval(); } using var _ = no_grad(); {|SN1001:net.call|}(x);")]
    [InlineData(
        "var net = new Net(); net.eval(); for (var i = 0; i < 3; i++) { net.train(); net.call(x).sum().backward(); using (no_grad()) "
            + "{|SN1001:net.call|}(x); }")]
    [InlineData("var net = new Net(); try { net.eval(); } finally { net.train(); } using var _ = no_grad(); {|SN1001:net.call|}(x);")]
    [InlineData("var net = new Net(); net.eval(); try { net.train(); } catch (Exception) { throw; } using var _ = no_grad(); {|SN1001:net.call|}(x);")]
    [InlineData("var net = new Net(); using (net.EvalScope()) { } using var _ = no_grad(); {|SN1001:net.call|}(x);")]
    [InlineData("var net = new Net(); switch (labels.shape[0]) { case 1: net.eval(); break; } using var _ = no_grad(); {|SN1001:net.call|}(x);")]
    public Task A_path_in_train_mode_is_enough_where_nothing_decides(string body) => Net.Reports(Net.Method(body));

    [Theory]
    [InlineData("var net = new Net(); if (flag) net.eval(); if (flag) using (no_grad()) net.call(x);")]
    [InlineData("var net = new Net(); net.train(flag); using var _ = no_grad(); net.call(x);")]
    [InlineData("var net = new Net(); if (net.training) net.eval(); using var _ = no_grad(); net.call(x);")]
    [InlineData("var net = new Net(); if (!net.training) using (no_grad()) net.call(x);")]
    [InlineData("var net = new Net(); foreach (var phase in new[] { true, false }) { net.train(phase); using (set_grad_enabled(phase)) net.call(x); }")]
    [InlineData("var net = new Net(); while (true) { net.train(); net.call(x).sum().backward(); net.eval(); using (no_grad()) net.call(x); }")]
    [InlineData("var net = new Net(); try { net.eval(); } catch { return; } using var _ = no_grad(); net.call(x);")]
    [InlineData("var net = new Net(); using (NewDisposeScope()) { net.eval(); } using var _ = no_grad(); net.call(x);")]
    [InlineData("var net = new Net(); if (flag) throw new Exception(); else net.eval(); using var _ = no_grad(); net.call(x);")]
    public Task What_decides_about_the_mode_may_decide_about_the_run(string body) => Net.IsSilent(Net.Method(body));

    [Theory]
    [InlineData("var net = new Net(); Elsewhere.Prepare(net); using var _ = no_grad(); net.call(x);")]
    [InlineData("var net = new Net(); Action prepare = () => net.eval(); prepare(); using var _ = no_grad(); net.call(x);")]
    [InlineData("var net = new Net(); Array.ForEach(new[] { 1 }, _ => Elsewhere.Prepare(net)); using var _ = no_grad(); net.call(x);")]
    [InlineData("var part = new Net(); var whole = nn.Sequential(part, nn.Linear(2, 2)); whole.eval(); using var _ = no_grad(); part.call(x);")]
    [InlineData("var net = Elsewhere.Make(); using var _ = no_grad(); net.call(x);")]
    public Task A_module_that_others_get_hold_of_may_be_in_any_mode(string body) => Net.IsSilent(
        Net.Method(body)
            + " static class Elsewhere { public static void Prepare(nn.Module net) => net.eval(); public static Net Make() { var net = new Net(); "
                + "net.eval(); return net; } }");

    [Theory]
    [InlineData("int repeats = 1")]
    [InlineData("bool verbose = false, string? name = null")]
    [InlineData("[System.Runtime.CompilerServices.CallerMemberName] string name = \"\"")]
    public Task An_optional_parameter_hides_no_method(string parameters) => Net.Reports(
        "class Program { void Run(Tensor x, " + parameters + ") { var net = new Net(); using var _ = no_grad(); {|SN1001:net.call|}(x); } }");

    [Fact]
    public Task An_optional_parameter_of_a_constructor_hides_no_method() => Net.Reports(
        "class Program(int repeats = 1) { void Run(Tensor x) { var net = new Net(); using var _ = no_grad(); {|SN1001:net.call|}(x[repeats]); } }");

    [Fact]
    public Task A_private_method_is_judged_by_its_callers() => Net.Reports(
        """
        class Program
        {
            void Run(Tensor x)
            {
                var net = new Net();
                net.train();
                Score(net, x);
            }

            private static Tensor Score(nn.Module<Tensor, Tensor> model, Tensor x)
            {
                using var _ = no_grad();
                return {|SN1001:model.call|}(x);
            }
        }
        """,
        "'model' runs in train mode though gradients are off: what depends on the mode still trains. Call model.eval() first.");

    [Fact]
    public Task A_private_method_whose_callers_set_the_mode_is_silent() => Net.IsSilent(
        """
        class Program
        {
            void Run(Tensor x)
            {
                var net = new Net();
                net.eval();
                Score(net, x);
                Prepare(net);
                Score(net, x);
            }

            private static void Prepare(Net net) => net.eval();

            private static Tensor Score(nn.Module<Tensor, Tensor> model, Tensor x)
            {
                using var _ = no_grad();
                return model.call(x);
            }
        }
        """);

    [Fact]
    public Task What_a_private_method_does_to_the_mode_is_known_to_its_caller() => Net.Reports(
        """
        class Program
        {
            void Run(Tensor x)
            {
                var net = Make();
                Fit(net, x);
                using var _ = no_grad();
                {|SN1001:net.call|}(x);
            }

            private static Net Make()
            {
                var net = new Net();
                net.eval();
                return net;
            }

            private static void Fit(Net net, Tensor x)
            {
                net.train();
                net.call(x).sum().backward();
            }
        }
        """);

    [Fact]
    public Task Local_functions_share_the_variables_around_them() => Net.Reports(
        """
        var net = new Net();
        net.eval();
        Fit();
        using (no_grad())
        {
            {|SN1001:net.call|}(rand(2, 4));
        }

        void Fit()
        {
            net.train();
            net.call(rand(2, 4)).sum().backward();
        }
        """);

    [Theory]
    [InlineData("private readonly Net _net = new();", "", "{|SN1001:_net.call|}(x)")]
    [InlineData("private readonly Net _net; public Service() { _net = new Net(); _net.load(\"net.dat\"); }", "", "{|SN1001:_net.call|}(x)")]
    [InlineData("private readonly Net _net; public Service() { _net = new Net(); _net.eval(); }", "", "_net.call(x)")]
    [InlineData("private readonly Net _net = new();", "public void Prepare() => _net.eval();", "{|SN1002:_net.call|}(x)")]
    [InlineData("private readonly Net _net = new();", "private void Prepare() { _net.eval(); } public Service() { Prepare(); }", "_net.call(x)")]
    [InlineData("private readonly Net _net = new();", "public Service() => Prepare(); protected virtual void Prepare() { }", "{|SN1002:_net.call|}(x)")]
    [InlineData("public readonly Net _net = new();", "", "{|SN1002:_net.call|}(x)")]
    [InlineData("private readonly Net _net; public Service(Net net) => _net = net;", "", "{|SN1002:_net.call|}(x)")]
    public Task A_private_field_holds_what_its_class_leaves_in_it(string field, string member, string call) =>
        Net.Reports($"class Service {{ {field} {member} public Tensor Run(Tensor x) {{ using var _ = no_grad(); return {call}; }} }}");

    [Fact]
    public Task A_part_of_a_module_is_in_the_mode_of_the_whole() => Net.IsSilent(
        """
        class Frozen : nn.Module<Tensor, Tensor>
        {
            private readonly Net _backbone = new();
            public Frozen() : base("frozen") => RegisterComponents();
            public override Tensor forward(Tensor input)
            {
                using var _ = no_grad();
                return _backbone.call(input);
            }
        }
        """);

    [Theory]
    [InlineData("public Own() : base(\"own\") { _part = new Net(); RegisterComponents(); eval(); }")]
    [InlineData(
        "public Own() : base(\"own\") { _part = new Net(); RegisterComponents(); } public override void train(bool train = true) => base.train(false);")]
    public Task A_module_that_decides_about_its_own_mode_is_silent(string members) => Net.IsSilent(
        Net.Method("var net = new Own(); using var _ = no_grad(); net.call(x);")
        + $"class Own : nn.Module<Tensor, Tensor> {{ private readonly Net _part; {members} public override Tensor forward(Tensor input) => "
            + $"_part.call(input); }}");

    [Fact]
    public Task A_test_that_asserts_the_difference_is_silent() => Net.IsSilent(
        """
        class FactAttribute : Attribute;
        class NetTests
        {
            [Fact]
            public void Dropout_drops()
            {
                var net = new Net();
                using var _ = no_grad();
                net.call(zeros(1, 4));
            }
        }
        """);

    [Fact]
    public Task The_fix_inserts_eval_before_the_loop() => Net.Fixes<TrainWithoutGradientsFix>(
        """
        class Program
        {
            float Accuracy(IEnumerable<Tensor> batches)
            {
                var net = new Net();
                using var _ = no_grad();
                var sum = 0f;
                // All batches.
                foreach (var batch in batches)
                {
                    sum += {|SN1001:net.call|}(batch).mean().item<float>();
                }

                return sum;
            }
        }
        """,
        """
        class Program
        {
            float Accuracy(IEnumerable<Tensor> batches)
            {
                var net = new Net();
                using var _ = no_grad();
                var sum = 0f;
                net.eval();
                // All batches.
                foreach (var batch in batches)
                {
                    sum += net.call(batch).mean().item<float>();
                }

                return sum;
            }
        }
        """);

    [Fact]
    public Task The_other_fix_opens_a_scope_of_eval_mode() => Net.Fixes<EvalScopeFix>(
        """
        class Program
        {
            float Mean(Net net, Tensor x)
            {
                net.train();
                using var _ = no_grad();
                return {|SN1001:net.call|}(x).mean().item<float>();
            }
        }
        """,
        """
        class Program
        {
            float Mean(Net net, Tensor x)
            {
                net.train();
                using var _ = no_grad();
                using var evalMode = net.EvalScope();
                return net.call(x).mean().item<float>();
            }
        }
        """);
}
