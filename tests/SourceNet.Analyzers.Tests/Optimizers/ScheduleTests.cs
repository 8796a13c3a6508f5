using SourceNet.Analyzers.Optimizers;
using SourceNet.CodeFixes.Optimizers;

namespace SourceNet.Analyzers.Tests.Optimizers;

/// <summary>Schedulers, lazy parameters and means: SN2014 to SN2017.</summary>
public class ScheduleTests
{
    [Theory]
    [InlineData("var scheduler = optim.lr_scheduler.StepLR(optimizer, 10, {|SN2015:last_epoch: 20|}); scheduler.step();")]
    [InlineData("var from = 5; var scheduler = optim.lr_scheduler.ExponentialLR(optimizer, 0.9, {|SN2015:last_epoch: from|}); scheduler.step();")]
    public Task A_scheduler_that_resumes_on_a_fresh_optimizer_is_found(string code) =>
        Code<SchedulerUse>.Reports(Method($"var optimizer = optim.SGD(net.parameters(), 0.1); {code}"));

    [Theory]
    [InlineData("var scheduler = optim.lr_scheduler.StepLR(optimizer, 10); scheduler.step();")]
    [InlineData("var scheduler = optim.lr_scheduler.StepLR(optimizer, 10, last_epoch: -1); scheduler.step();")]
    [InlineData("optimizer.load_state_dict(\"optimizer.dat\"); var scheduler = optim.lr_scheduler.StepLR(optimizer, 10, last_epoch: 20); scheduler.step();")]
    [InlineData("Resume(optimizer); var scheduler = optim.lr_scheduler.StepLR(optimizer, 10, last_epoch: 20); scheduler.step();")]
    public Task A_new_schedule_or_a_resumed_optimizer_is_silent(string code) =>
        Code<SchedulerUse>.IsSilent(Method($"var optimizer = optim.SGD(net.parameters(), 0.1); {code}"));

    [Theory]
    [InlineData("var scheduler = {|SN2016:optim.lr_scheduler.StepLR|}(given, 10);")]
    [InlineData("{|SN2016:optim.lr_scheduler.StepLR|}(given, 10);")]
    public Task A_scheduler_that_nobody_steps_is_a_hint(string code) => Code<SchedulerUse>.Reports(Method(code));

    [Theory]
    [InlineData("var scheduler = optim.lr_scheduler.StepLR(given, 10); scheduler.step();")]
    [InlineData("var scheduler = optim.lr_scheduler.StepLR(given, 10); Action after = () => scheduler.step(); after();")]
    [InlineData("Keep(optim.lr_scheduler.StepLR(given, 10));")]
    public Task A_scheduler_that_somebody_may_step_is_silent(string code) => Code<SchedulerUse>.IsSilent(Method(code));

    [Fact]
    public Task Lazy_parameters_are_noted() => Code<LazyParameters>.Reports(Method("var optimizer = optim.SGD({|SN2014:net.parameters()|}, 0.1);"));

    [Theory]
    [InlineData("var optimizer = optim.SGD(net.parameters().ToArray(), 0.1);")]
    [InlineData("var optimizer = optim.SGD(net.parameters(), 0.1); net.to(CPU);")]
    public Task A_list_or_a_model_that_moves_later_is_silent(string code) => Code<LazyParameters>.IsSilent(Method(code));

    [Theory]
    [InlineData("total += loss.item<float>(); seen += x.shape[0];", "{|SN2017:total / seen|}")]
    [InlineData("total += loss.item<float>(); seen += x.size(0);", "{|SN2017:total / seen|}")]
    [InlineData("total += loss.item<float>();", "{|SN2017:total / dataset.Count|}")]
    public Task A_sum_of_means_divided_by_samples_is_a_hint(string turn, string result) => Code<SampleMean>.Reports(Mean(turn, result, ""));

    [Theory]
    [InlineData("total += loss.item<float>() * x.shape[0]; seen += x.shape[0];", "total / seen", "")]
    [InlineData("total += loss.item<float>(); seen++;", "total / seen", "")]
    [InlineData("total += loss.item<float>(); seen += x.shape[0];", "total / seen", ", reduction: nn.Reduction.Sum")]
    [InlineData("total += loss.item<float>(); seen += x.shape[0];", "total / batches.Count", "")]
    public Task A_mean_that_is_one_is_silent(string turn, string result, string reduction) => Code<SampleMean>.IsSilent(Mean(turn, result, reduction));

    [Fact]
    public Task The_fix_starts_the_schedule_at_its_beginning() => Code<SchedulerUse>.Fixes<ResumedSchedulerFix>(
        Method(
            "var optimizer = optim.SGD(net.parameters(), 0.1); using var other = optim.Adam(net.parameters()); var one = "
                + "optim.lr_scheduler.StepLR(optimizer, 10, {|SN2015:last_epoch: 20|}, verbose: true); one.step(); var two = "
                    + "optim.lr_scheduler.ExponentialLR(other, 0.9, {|SN2015:20|}); two.step();"),
        Method(
            "var optimizer = optim.SGD(net.parameters(), 0.1); using var other = optim.Adam(net.parameters()); var one = "
                + "optim.lr_scheduler.StepLR(optimizer, 10, verbose: true); one.step(); var two = optim.lr_scheduler.ExponentialLR(other, 0.9); two.step();"));

    [Fact]
    public Task Where_other_arguments_would_move_up_nothing_is_offered() => Code<SchedulerUse>.OffersNoFix<ResumedSchedulerFix>(
        Method(
            "var optimizer = optim.SGD(net.parameters(), 0.1); var scheduler = optim.lr_scheduler.ExponentialLR(optimizer, 0.9, {|SN2015:20|}, true); "
                + "scheduler.step();"));

    [Fact]
    public Task The_fix_walks_the_parameters_once() => Code<LazyParameters>.Fixes<LazyParametersFix>(
        """
        class Trainer(nn.Module net)
        {
            private readonly optim.Optimizer _optimizer = optim.SGD({|SN2014:net.parameters()|}, 0.1);

            public void Fit(nn.Module other)
            {
                other.to(CPU);
                using var one = optim.AdamW(parameters: {|SN2014:other.parameters()|}, lr: 0.1);
                using var two = torch.optim.Adam({|SN2014:other.named_parameters()|}, 0.1);
                _optimizer.step();
            }
        }
        """,
        """
        class Trainer(nn.Module net)
        {
            private readonly optim.Optimizer _optimizer = optim.SGD(net.parameters().ToArray(), 0.1);

            public void Fit(nn.Module other)
            {
                other.to(CPU);
                using var one = optim.AdamW(parameters: other.parameters().ToArray(), lr: 0.1);
                using var two = torch.optim.Adam(other.named_parameters().ToArray(), 0.1);
                _optimizer.step();
            }
        }
        """);

    [Fact]
    public Task A_model_that_another_member_moves_keeps_its_lazy_parameters() => Code<LazyParameters>.OffersNoFix<LazyParametersFix>(
        """
        class Trainer(nn.Module net)
        {
            private readonly optim.Optimizer _optimizer = optim.SGD({|SN2014:net.parameters()|}, 0.1);
            public void Move(Device device) => net.to(device);
            public void Step() => _optimizer.step();
        }
        """);

    private static string Method(string code) =>
        $$"""
        class Trainer
        {
            void Fit(nn.Module<Tensor, Tensor> net, optim.Optimizer given) { {{code}} }
            static void Resume(optim.Optimizer optimizer) { }
            static void Keep(object scheduler) { }
        }
        """;

    private static string Mean(string turn, string result, string reduction) =>
        $$"""
        class Trainer
        {
            float Mean(nn.Module<Tensor, Tensor> net, List<(Tensor X, Tensor Y)> batches, List<Tensor> dataset)
            {
                var total = 0f;
                var seen = 0L;
                foreach (var (x, y) in batches)
                {
                    var loss = nn.functional.cross_entropy(net.call(x), y{{reduction}});
                    {{turn}}
                }

                return {{result}};
            }
        }
        """;
}
