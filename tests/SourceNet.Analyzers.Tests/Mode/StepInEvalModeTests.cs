using SourceNet.CodeFixes.Mode;

namespace SourceNet.Analyzers.Tests.Mode;

/// <summary>SN1003.</summary>
public class StepInEvalModeTests
{
    private const string Validation = "net.eval(); using (no_grad()) net.call(x);";
    private const string Training = "optimizer.zero_grad(); nn.functional.cross_entropy(net.call(x), labels).backward(); optimizer.step();";
    private const string MarkedTraining = "optimizer.zero_grad(); nn.functional.cross_entropy(net.call(x), labels).backward(); {|SN1003:optimizer.step|}();";
    private const string Start = "var net = new Net(); using var optimizer = optim.SGD(net.parameters(), 0.1);";

    [Theory]
    [InlineData($"{Start} for (var epoch = 0; epoch < 9; epoch++) {{ {MarkedTraining} {Validation} }}")]
    [InlineData($"{Start} net.train(); for (var epoch = 0; epoch < 9; epoch++) {{ for (var i = 0; i < 9; i++) {{ {MarkedTraining} }} {Validation} }}")]
    [InlineData($"{Start} net.eval(); {MarkedTraining}")]
    [InlineData($"{Start} net.eval(); var criterion = nn.CrossEntropyLoss(); criterion.call(net.call(x), labels).backward(); {{|SN1003:optimizer.step|}}();")]
    public Task A_step_in_eval_mode_is_found(string body) => Net.Reports(Net.Method(body));

    [Theory]
    [InlineData($"{Start} for (var epoch = 0; epoch < 9; epoch++) {{ net.train(); {Training} {Validation} }}")]
    [InlineData($"{Start} for (var epoch = 0; epoch < 9; epoch++) {{ {Training} {Validation} net.train(); }}")]
    [InlineData($"{Start} for (var epoch = 0; epoch < 9; epoch++) {{ {Training} using (net.EvalScope()) using (no_grad()) net.call(x); }}")]
    [InlineData($"{Start} for (var epoch = 0; epoch < 9; epoch++) {{ net.train(flag); {Training} }}")]
    [InlineData(
        $"{Start} foreach (var train in new[] {{ true, false }}) {{ if (train) net.train(); else net.eval(); var loss = net.call(x).sum(); if (train) {{ "
            + $"loss.backward(); optimizer.step(); }} }}")]
    [InlineData("var net = new Plain(); using var optimizer = optim.SGD(net.parameters(), 0.1); net.eval(); " + Training)]
    public Task In_train_mode_it_is_silent(string body) => Net.IsSilent(Net.Method(body));

    [Theory]
    [InlineData("var net = new Net(); net.eval(); using var input = x.requires_grad_(); net.call(input).sum().backward();")]
    [InlineData($"{Start} net.eval(); net.call(x).sum().backward(); net.train(); {Training}")]
    [InlineData($"{Start} var scheduler = optim.lr_scheduler.StepLR(optimizer, 1); net.eval(); net.call(x).sum().backward(); scheduler.step();")]
    public Task A_backward_pass_for_the_input_is_silent(string body) => Net.IsSilent(Net.Method(body));

    [Theory]
    [InlineData($"{Start} var teacher = new Net(); teacher.eval(); var target = teacher.call(x); (net.call(x) - target).sum().backward(); optimizer.step();")]
    [InlineData(
        $"var backbone = new Net(); backbone.eval(); var net = nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5)); using var optimizer = "
            + $"optim.SGD(net.parameters(), 0.1); net.call(backbone.call(x)).sum().backward(); optimizer.step();")]
    public Task A_frozen_part_beside_one_that_trains_is_silent(string body) => Net.IsSilent(Net.Method(body));

    [Fact]
    public Task The_message_names_the_module() => Net.Reports(
        Net.Method($"{Start} net.eval(); {MarkedTraining}"),
        "'net' ran in eval mode in this training step: dropout is off and batch norm does not learn. Call net.train() before each epoch.");

    [Fact]
    public Task The_fix_inserts_train_before_the_batches_of_each_epoch() => Net.Fixes<StepInEvalModeFix>(
        """
        class Trainer
        {
            void Fit(Net net, IReadOnlyList<Tensor> batches)
            {
                using var optimizer = optim.SGD(net.parameters(), 0.1);
                net.train();
                for (var epoch = 0; epoch < 9; epoch++)
                {
                    foreach (var batch in batches)
                    {
                        optimizer.zero_grad();
                        net.call(batch).sum().backward();
                        {|SN1003:optimizer.step|}();
                    }

                    net.eval();
                }
            }
        }
        """,
        """
        class Trainer
        {
            void Fit(Net net, IReadOnlyList<Tensor> batches)
            {
                using var optimizer = optim.SGD(net.parameters(), 0.1);
                net.train();
                for (var epoch = 0; epoch < 9; epoch++)
                {
                    net.train();
                    foreach (var batch in batches)
                    {
                        optimizer.zero_grad();
                        net.call(batch).sum().backward();
                        optimizer.step();
                    }

                    net.eval();
                }
            }
        }
        """);
}
