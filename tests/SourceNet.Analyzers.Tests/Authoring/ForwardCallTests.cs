using SourceNet.Analyzers.Authoring;
using SourceNet.CodeFixes.Authoring;

namespace SourceNet.Analyzers.Tests.Authoring;

public class ForwardCallTests
{
    [Theory]
    [InlineData("layer.{|SN5011:forward|}(x)")]
    [InlineData("nn.Linear(3, 3).{|SN5011:forward|}(x)")]
    public Task A_forward_of_another_module_is_reported(string call) =>
        Code<ForwardCall>.Reports(Net(call), "forward runs no hooks. Write call, which runs them and then forward.");

    [Theory]
    [InlineData("layer.call(x)")]
    [InlineData("base.ToString() is null ? x : this.Run(x)")]
    public Task Call_is_silent(string call) => Code<ForwardCall>.IsSilent(Net(call));

    [Fact]
    public Task The_fix_writes_call() => Code<ForwardCall>.Fixes<ForwardCallFix>(Net("layer.{|SN5011:forward|}(x)"), Net("layer.call(x)"));

    [Fact]
    public Task Named_arguments_get_no_fix() => Code<ForwardCall>.OffersNoFix<ForwardCallFix>(Net("layer.{|SN5011:forward|}(tensor: x)"));

    private static string Net(string call) => $"class Net(Linear layer) {{ public Tensor Run(Tensor x) => {call}; public Linear Layer => layer; }}";
}
