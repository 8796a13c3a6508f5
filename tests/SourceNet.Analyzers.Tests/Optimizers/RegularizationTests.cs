using SourceNet.Analyzers.Optimizers;
using SourceNet.CodeFixes.Optimizers;

namespace SourceNet.Analyzers.Tests.Optimizers;

/// <summary>What the optimizer and the loss do to weights: SN2004, SN2005, SN2006, SN2012.</summary>
public class RegularizationTests
{
    [Theory]
    [InlineData("Linear net", "optim.AdamW(net.parameters(), {|SN2004:weight_decay: 1e-2|})")]
    [InlineData("TorchSharp.Modules.Sequential net", "optim.SGD(net.parameters(), 0.1, {|SN2004:weight_decay: 1e-2|})")]
    [InlineData("Own net", "optim.SGD(net.parameters(), 0.1, {|SN2004:weight_decay: 1e-2|})")]
    [InlineData("Linear net", "new RegularizedLion(net.parameters(), {|SN2004:weightDecay: 1e-2|})")]
    public Task Decay_of_biases_is_a_hint(string parameter, string call) => Code<FlatDecay>.Reports(Make(parameter, call));

    [Theory]
    [InlineData("Linear net", "optim.AdamW(net.parameters(), weight_decay: 0)")]
    [InlineData("Linear net", "optim.AdamW(net.parameters().Where(parameter => parameter.ndim > 1), weight_decay: 1e-2)")]
    [InlineData("nn.Module net", "optim.AdamW(net.parameters(), weight_decay: 1e-2)")]
    [InlineData("TorchSharp.Modules.Embedding net", "optim.AdamW(net.parameters(), weight_decay: 1e-2)")]
    [InlineData("Linear net", "new RegularizedLamb(net.parameters(), l1: 1e-2)")]
    [InlineData("Linear net", "new RegularizedLamb(RegularizedGroup.Of(\"net\", net, new() { WeightDecay = 1e-2 }))")]
    public Task Decay_in_groups_or_of_what_is_not_known_is_silent(string parameter, string call) => Code<FlatDecay>.IsSilent(Make(parameter, call));

    [Theory]
    [InlineData("foreach (var w in net.parameters()) loss += 1e-3 * {|SN2005:w.pow(2)|}.sum();")]
    [InlineData("foreach (var (name, w) in net.named_parameters()) { loss = loss + {|SN2005:w.square()|}.sum() * 1e-3; }")]
    [InlineData("var penalty = zeros(1); foreach (var w in net.parameters()) penalty += ({|SN2005:w * w|}).sum(); loss = loss + 1e-3 * penalty;")]
    [InlineData("loss = loss + net.parameters().Select(w => {|SN2005:w.pow(2)|}.sum()).Aggregate((one, other) => one + other);")]
    public Task A_penalty_beside_a_decay_is_found(string penalty) => Code<PenaltyInLoss>.Reports(Fit("weight_decay: 1e-2", penalty));

    [Theory]
    [InlineData("momentum: 0.9", "foreach (var w in net.parameters()) loss += 1e-3 * w.pow(2).sum();")]
    [InlineData("weight_decay: 0", "foreach (var w in net.parameters()) loss += 1e-3 * w.pow(2).sum();")]
    [InlineData(
        "weight_decay: 1e-2",
        "var norm = zeros(1); foreach (var w in net.parameters()) norm += w.pow(2).sum(); Console.WriteLine(norm.sqrt().item<float>());")]
    [InlineData("weight_decay: 1e-2", "foreach (var w in net.parameters()) Console.WriteLine(w.pow(2).sum().item<float>());")]
    [InlineData("weight_decay: 1e-2", "foreach (var w in other.parameters()) loss += w.pow(2).sum();")]
    [InlineData("weight_decay: 1e-2", "loss += net.call(x).pow(2).sum();")]
    public Task One_of_the_two_or_a_norm_that_is_only_looked_at_is_silent(string setting, string penalty) =>
        Code<PenaltyInLoss>.IsSilent(Fit(setting, penalty));

    [Theory]
    [InlineData("foreach (var w in net.parameters()) loss += 1e-4 * {|SN2006:w.abs()|}.sum();")]
    [InlineData("foreach (var w in net.parameters()) loss += 1e-4 * {|SN2006:torch.abs(w)|}.sum();")]
    public Task An_L1_penalty_in_the_loss_is_a_hint(string penalty) => Code<PenaltyInLoss>.Reports(Fit("momentum: 0.9", penalty));

    [Fact]
    public Task The_size_of_anything_else_is_silent() =>
        Code<PenaltyInLoss>.IsSilent(
            Fit("momentum: 0.9", "loss += net.call(x).abs().sum(); foreach (var w in net.parameters()) Console.WriteLine(w.abs().max().item<float>());"));

    [Theory]
    [InlineData(
        "WeightDecay(1e-2)",
        "{|SN2012:optim.Adam(net.parameters())|}.step();",
        "Net declares [WeightDecay], which Adam knows nothing of: it is not applied. Use net.CreateOptimizer(...).")]
    [InlineData(
        "MaxNorm(2)",
        "{|SN2012:optim.SGD(net.parameters(), 0.1)|}.step();",
        "Net declares [MaxNorm], which SGD knows nothing of: it is not applied. Use net.CreateSgd(...).")]
    [InlineData(
        "LabelSmoothing(0.1)",
        "{|SN2012:nn.functional.cross_entropy(net.call(x), y)|}.backward();",
        "Net declares [LabelSmoothing], which cross_entropy knows nothing of: it is not applied. Use net.Loss(...).")]
    [InlineData(
        "LabelSmoothing(0.1)",
        "var logits = net.call(x); var loss = {|SN2012:nn.CrossEntropyLoss().call(logits, y)|}; loss.backward();",
        "Net declares [LabelSmoothing], which CrossEntropyLoss knows nothing of: it is not applied. Use net.Loss(...).")]
    [InlineData(
        "L1(1e-4)",
        "{|SN2012:new RegularizedLion(net.parameters(), 1e-4)|}.step();",
        "Net declares [L1], which RegularizedLion of net.parameters() knows nothing of: it is not applied. Use "
            + "net.CreateOptimizer(groups => new RegularizedLion(groups, ...)).")]
    [InlineData(
        "WeightDecay(1e-2)",
        "{|SN2012:new RegularizedSgd(net.parameters(), 0.1)|}.step();",
        "Net declares [WeightDecay], which RegularizedSgd of net.parameters() knows nothing of: it is not applied. Use net.CreateSgd(...).")]
    public async Task A_bypassed_regularizer_is_found(string attribute, string code, string message)
    {
        var (source, marks) = Marked.Read(Declared(attribute, code));
        var found = await Sources.Of(source).Generated().Analyze(new Only<BypassedRegularizer>());
        Assert.Equal(marks, found.Select(diagnostic => (diagnostic.Id, diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length)));
        Assert.Equal([message], found.Select(diagnostic => diagnostic.GetMessage()));
    }

    [Theory]
    [InlineData("WeightDecay(1e-2)", "net.CreateOptimizer(0.1).step(); net.Loss(net.call(x), y).backward();")]
    [InlineData("WeightDecay(1e-2)", "net.CreateOptimizer(groups => new RegularizedLion(groups, 1e-4)).step();")]
    [InlineData("WeightDecay(1e-2)", "new RegularizedLamb(net.ParameterGroups()).step();")]
    [InlineData("WeightDecay(1e-2)", "nn.functional.cross_entropy(net.call(x), y).backward();")]
    [InlineData("LabelSmoothing(0.1)", "optim.SGD(net.parameters(), 0.1).step();")]
    [InlineData("LabelSmoothing(0.1)", "Console.WriteLine(nn.functional.cross_entropy(net.call(x), y).item<float>());")]
    public async Task What_applies_it_or_only_measures_is_silent(string attribute, string code) =>
        Assert.Empty(await Sources.Of(Declared(attribute, code)).Generated().Analyze(new Only<BypassedRegularizer>()));

    [Theory]
    [InlineData(
        "using var optimizer = {|SN2012:optim.AdamW(net.parameters(), 1e-3, 0.8, amsgrad: true)|}; optimizer.step();",
        "using var optimizer = net.CreateOptimizer(1e-3, 0.8, amsgrad: true); optimizer.step();")]
    [InlineData("{|SN2012:torch.optim.AdamW(lr: 1e-3, parameters: net.parameters())|}.step();", "net.CreateOptimizer(learningRate: 1e-3).step();")]
    [InlineData(
        "optim.Optimizer one = {|SN2012:optim.SGD(net.parameters(), 0.1, 0.9, nesterov: true)|}; var two = "
            + "{|SN2012:optim.SGD(net.parameters(), learningRate: 0.1)|}; optim.lr_scheduler.StepLR(two, 1).step(); one.step();",
        "optim.Optimizer one = net.CreateSgd(0.1, 0.9, nesterov: true); var two = net.CreateSgd(learningRate: 0.1); optim.lr_scheduler.StepLR(two, "
            + "1).step(); one.step();")]
    public Task The_fix_takes_the_optimizer_of_the_model(string before, string after) =>
        Code<BypassedRegularizer>.Fixes<BypassedRegularizerFix>(Declared("WeightDecay(1e-2)", before), Declared("WeightDecay(1e-2)", after));

    [Theory]
    [InlineData("{|SN2012:optim.Adam(net.parameters())|}.step();")]
    [InlineData("{|SN2012:optim.AdamW(net.parameters(), weight_decay: 0.1)|}.step();")]
    [InlineData("{|SN2012:optim.SGD(net.parameters(), 0.1, maximize: true)|}.step();")]
    [InlineData("TorchSharp.Modules.SGD optimizer = {|SN2012:optim.SGD(net.parameters(), 0.1)|}; optimizer.step();")]
    [InlineData("var optimizer = {|SN2012:optim.SGD(net.parameters(), 0.1)|}; TorchSharp.Modules.SGD same = optimizer; same.step();")]
    public Task Another_optimizer_or_setting_or_type_is_left_to_a_person(string code) =>
        Code<BypassedRegularizer>.OffersNoFix<BypassedRegularizerFix>(Declared("WeightDecay(1e-2)", code));

    [Theory]
    [InlineData("LabelSmoothing(0.1)", "{|SN2012:nn.functional.cross_entropy(net.call(x), y)|}.backward();", "net.Loss(net.call(x), y).backward();")]
    [InlineData(
        "LabelSmoothing(0.1)",
        "var logits = net.call(x); using var loss = {|SN2012:nn.functional.cross_entropy(target: y, input: logits)|}; loss.backward();",
        "var logits = net.call(x); using var loss = net.Loss(logits, y); loss.backward();")]
    [InlineData(
        "LabelSmoothing(0.1)",
        "var criterion = nn.CrossEntropyLoss(); var loss = {|SN2012:criterion.call(net.call(x), y)|}; loss.backward();",
        "var criterion = nn.CrossEntropyLoss(); var loss = net.Loss(net.call(x), y); loss.backward();")]
    [InlineData(
        "L2(0.1), Objective(MeanSquaredError)",
        "{|SN2012:nn.functional.mse_loss(net.call(x), y)|}.backward();",
        "net.Loss(net.call(x), y).backward();")]
    public Task The_fix_takes_the_loss_of_the_model(string attributes, string before, string after) =>
        Code<BypassedRegularizer>.Fixes<BypassedRegularizerFix>(Declared(attributes, before), Declared(attributes, after));

    [Theory]
    [InlineData("{|SN2012:nn.functional.cross_entropy(net.call(x), y, ignore_index: 0)|}.backward();")]
    [InlineData("{|SN2012:nn.CrossEntropyLoss(reduction: nn.Reduction.Sum).call(net.call(x), y)|}.backward();")]
    [InlineData("{|SN2012:nn.functional.mse_loss(net.call(x), y)|}.backward();")]
    [InlineData("{|SN2012:nn.functional.nll_loss(net.call(x), y)|}.backward();")]
    public Task A_loss_with_settings_or_another_objective_is_left_to_a_person(string code) =>
        Code<BypassedRegularizer>.OffersNoFix<BypassedRegularizerFix>(Declared("LabelSmoothing(0.1)", code));

    private static string Make(string parameter, string call) =>
        $"class Trainer {{ object Make({parameter}) => {call}; }} class Own() : nn.Module<Tensor, Tensor>(\"own\") {{ public Linear Layer = nn.Linear(2, "
            + $"2); public override Tensor forward(Tensor x) => Layer.call(x); }}";

    private static string Fit(string setting, string penalty) =>
        $$"""
        class Trainer
        {
            void Fit(nn.Module<Tensor, Tensor> net, nn.Module<Tensor, Tensor> other, Tensor x, Tensor y)
            {
                using var optimizer = optim.SGD(net.parameters(), 0.1, {{setting}});
                var loss = nn.functional.cross_entropy(net.call(x), y);
                {{penalty}}
                loss.backward();
                optimizer.step();
            }
        }
        """;

    private static string Declared(string attribute, string code) =>
        $$"""
        class Trainer
        {
            void Fit(Net net, Tensor x, Tensor y) { {{code}} }
        }

        [Model, Input(4), {{attribute}}]
        sealed partial class Net
        {
            [Linear(2), Output]
            private partial Tensor Logits(Tensor x);
        }
        """;
}
