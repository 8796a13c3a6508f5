using SourceNet.Analyzers.Optimizers;
using SourceNet.CodeFixes.Optimizers;

namespace SourceNet.Analyzers.Tests.Optimizers;

/// <summary>How an optimizer is made: SN2002, SN2003, SN2007, SN2008.</summary>
public class OptimizerSetupTests
{
    [Theory]
    [InlineData("{|SN2002:optim.AdamW|}(net.parameters())")]
    [InlineData("{|SN2002:torch.optim.AdamW|}(net.parameters(), 1e-3, amsgrad: true)")]
    public Task AdamW_without_decay_is_a_hint(string call) => Code<SilentAdamW>.Reports(Make(call));

    [Theory]
    [InlineData("optim.AdamW(net.parameters(), weight_decay: 1e-2)")]
    [InlineData("optim.AdamW(net.parameters(), weight_decay: 0)")]
    [InlineData("optim.AdamW([new TorchSharp.Modules.AdamW.ParamGroup { Parameters = net.parameters() }])")]
    [InlineData("optim.Adam(net.parameters())")]
    public Task AdamW_that_says_it_is_silent(string call) => Code<SilentAdamW>.IsSilent(Make(call));

    [Theory]
    [InlineData(
        "optim.AdamW([{|SN2003:new TorchSharp.Modules.AdamW.ParamGroup(net.parameters(), weight_decay: 0)|}], lr: 0.1)",
        "This group gets lr = 0.001, not the 0.1 of the optimizer: its constructor fills in what it leaves out. State lr, or write `new AdamW.ParamGroup { "
            + "Parameters = ..., Options = new() { ... } }`.")]
    [InlineData(
        "optim.SGD([{|SN2003:new TorchSharp.Modules.SGD.ParamGroup(net.parameters(), 0.1)|}], 0.1, weight_decay: 1e-2)",
        "This group gets weight_decay = 0, not the 1e-2 of the optimizer: its constructor fills in what it leaves out. State weight_decay, or write `new "
            + "SGD.ParamGroup { Parameters = ..., Options = new() { ... } }`.")]
    public Task A_group_that_overrides_with_defaults_is_found(string call, string message) => Code<ParameterGroup>.Reports(Make(call), message);

    [Theory]
    [InlineData("optim.AdamW([new TorchSharp.Modules.AdamW.ParamGroup(net.parameters(), lr: 0.01, weight_decay: 0)], lr: 0.1, weight_decay: 0.1)")]
    [InlineData("optim.AdamW([new TorchSharp.Modules.AdamW.ParamGroup { Parameters = net.parameters(), Options = new() { weight_decay = 0 } }], lr: 0.1)")]
    [InlineData("optim.AdamW([new TorchSharp.Modules.AdamW.ParamGroup(net.parameters(), weight_decay: 0)])")]
    [InlineData("optim.AdamW([new TorchSharp.Modules.AdamW.ParamGroup(net.parameters(), weight_decay: 0.1)], lr: 1e-3)")]
    public Task A_group_that_states_or_leaves_open_is_silent(string call) => Code<ParameterGroup>.IsSilent(Make(call));

    [Theory]
    [InlineData("{|SN2008:maximize: true|}, weight_decay: 1e-2")]
    [InlineData("weight_decay: 0.1, {|SN2008:maximize: true|}")]
    public Task Decay_under_maximize_is_found(string settings) => Code<GrowingDecay>.Reports(Make($"optim.SGD(net.parameters(), 0.1, {settings})"));

    [Theory]
    [InlineData("maximize: true")]
    [InlineData("maximize: true, weight_decay: 0")]
    [InlineData("maximize: false, weight_decay: 1e-2")]
    public Task Decay_or_maximize_alone_is_silent(string settings) => Code<GrowingDecay>.IsSilent(Make($"optim.SGD(net.parameters(), 0.1, {settings})"));

    [Theory]
    [InlineData("using var optimizer = {|SN2007:optim.SGD(net.parameters(), 0.1)|}; net.to(device); net.call(x).sum().backward(); optimizer.step();")]
    [InlineData("using var optimizer = {|SN2007:optim.SGD(net.parameters(), 0.1)|}; net.cuda(); for (var i = 0; i < 3; i++) { optimizer.step(); }")]
    [InlineData("using var optimizer = {|SN2007:optim.SGD(net.parameters(), 0.1)|}; if (x.ndim > 1) { net.to(ScalarType.Float64); } optimizer.step();")]
    public Task A_model_that_moves_after_its_optimizer_was_made_is_found(string body) => Code<OptimizerBeforeMove>.Reports(Body(body));

    [Theory]
    [InlineData("net.to(device); using var optimizer = optim.SGD(net.parameters(), 0.1); optimizer.step();")]
    [InlineData("using var optimizer = optim.SGD(net.parameters(), 0.1); net.to(CPU); optimizer.step();")]
    [InlineData("using var optimizer = optim.SGD(net.parameters(), 0.1); optimizer.step(); net.to(device); net.save(\"net.dat\");")]
    [InlineData("var optimizer = optim.SGD(net.parameters(), 0.1); net.to(device); optimizer = optim.SGD(net.parameters(), 0.1); optimizer.step();")]
    [InlineData("using var optimizer = optim.SGD(net.parameters(), 0.1); x.to(device); optimizer.step();")]
    [InlineData("using var other = nn.Linear(2, 2); using var optimizer = optim.SGD(net.parameters(), 0.1); other.to(device); optimizer.step();")]
    public Task A_model_that_moves_before_is_silent(string body) => Code<OptimizerBeforeMove>.IsSilent(Body(body));

    [Theory]
    [InlineData(0, "0.01")]
    [InlineData(1, "0")]
    public Task The_fix_states_the_decay_of_PyTorch_or_none(int choice, string decay) => Code<SilentAdamW>.Fixes<SilentAdamWFix>(
        """
        using static TorchSharp.torch.optim;

        class Trainer(nn.Module net)
        {
            private readonly TorchSharp.Modules.AdamW _optimizer = {|SN2002:torch.optim.AdamW|}(net.parameters());

            public void Fit()
            {
                using var first = {|SN2002:optim.AdamW|}(net.parameters(), 1e-3, amsgrad: true);
                using var second = {|SN2002:AdamW|}(
                    net.named_parameters(), // all of them
                    lr: 1e-3);
                _optimizer.step();
            }
        }
        """,
        $$"""
        using static TorchSharp.torch.optim;

        class Trainer(nn.Module net)
        {
            private readonly TorchSharp.Modules.AdamW _optimizer = torch.optim.AdamW(net.parameters(), weight_decay: {{decay}});

            public void Fit()
            {
                using var first = optim.AdamW(net.parameters(), 1e-3, amsgrad: true, weight_decay: {{decay}});
                using var second = AdamW(
                    net.named_parameters(), // all of them
                    lr: 1e-3, weight_decay: {{decay}});
                _optimizer.step();
            }
        }
        """,
        choice);

    [Theory]
    [InlineData(
        "optim.AdamW([{|SN2003:new TorchSharp.Modules.AdamW.ParamGroup(net.parameters(), weight_decay: 0)|}], lr: 0.1)",
        "optim.AdamW([new TorchSharp.Modules.AdamW.ParamGroup { Parameters = net.parameters(), Options = new() { weight_decay = 0 } }], lr: 0.1)")]
    [InlineData(
        "optim.AdamW([{|SN2003:new TorchSharp.Modules.AdamW.ParamGroup(net.parameters())|}], 0.1)",
        "optim.AdamW([new TorchSharp.Modules.AdamW.ParamGroup { Parameters = net.parameters() }], 0.1)")]
    [InlineData(
        "optim.SGD([{|SN2003:new TorchSharp.Modules.SGD.ParamGroup(net.parameters(), 0.1, 0.9, nesterov: true)|}], 0.1, weight_decay: 1e-2)",
        "optim.SGD([new TorchSharp.Modules.SGD.ParamGroup { Parameters = net.parameters(), Options = new() { LearningRate = 0.1, momentum = 0.9, nesterov = "
            + "true } }], 0.1, weight_decay: 1e-2)")]
    [InlineData(
        "optim.Adam([{|SN2003:new TorchSharp.Modules.Adam.ParamGroup(lr: 0.1, parameters: net.parameters(), beta1: 0.8)|}], weight_decay: 1e-2)",
        "optim.Adam([new TorchSharp.Modules.Adam.ParamGroup { Parameters = net.parameters(), Options = new() { LearningRate = 0.1, beta1 = 0.8 } }], "
            + "weight_decay: 1e-2)")]
    [InlineData(
        "optim.RAdam(new TorchSharp.Modules.RAdam.ParamGroup[] { {|SN2003:new TorchSharp.Modules.RAdam.ParamGroup(net.parameters(), eps: 1e-6)|}, "
            + "{|SN2003:new(net.parameters(), beta2: 0.9)|} }, 0.1)",
        "optim.RAdam(new TorchSharp.Modules.RAdam.ParamGroup[] { new TorchSharp.Modules.RAdam.ParamGroup { Parameters = net.parameters(), Options = new() { "
            + "eps = 1e-6 } }, new() { Parameters = net.parameters(), Options = new() { beta2 = 0.9 } } }, 0.1)")]
    public Task The_fix_states_what_was_stated_and_leaves_the_rest_to_the_optimizer(string before, string after) =>
        Code<ParameterGroup>.Fixes<ParameterGroupFix>(Make(before), Make(after));

    [Theory]
    [InlineData("optim.AdamW([{|SN2003:new TorchSharp.Modules.AdamW.ParamGroup(net.parameters() /* all */, weight_decay: 0)|}], lr: 0.1)")]
    [InlineData("optim.AdamW([{|SN2003:new TorchSharp.Modules.AdamW.ParamGroup(net.parameters(), beta1: default)|}], lr: 0.1)")]
    [InlineData("optim.AdamW([{|SN2003:new TorchSharp.Modules.AdamW.ParamGroup(net.parameters()) { Betas = (0.9, 0.99) }|}], lr: 0.1)")]
    public Task A_group_with_comments_or_an_initializer_is_left_to_a_person(string call) => Code<ParameterGroup>.OffersNoFix<ParameterGroupFix>(Make(call));

    private static string Make(string call) => $"class Trainer {{ object Make(nn.Module net) => {call}; }}";

    private static string Body(string body) => $"class Trainer {{ void Fit(Tensor x, Device device) {{ using var net = nn.Linear(4, 2); {body} }} }}";
}
