using Microsoft.CodeAnalysis;
using SourceNet.Analyzers.Authoring;
using SourceNet.CodeFixes.Authoring;

namespace SourceNet.Analyzers.Tests.Authoring;

public class ReturnsInputTests
{
    [Fact]
    public Task The_message_names_the_tensor() => Code<ReturnsInput>.Reports(
        Layer("if (!training) return {|SN5005:x|}; return x * 2;"),
        "forward returns 'x' itself. Sequential disposes what a layer gives and what it got, so both are gone. Return 'x.alias()', which shares the values.");

    [Theory]
    [InlineData("return training ? x * 2 : {|SN5005:x|};")]
    [InlineData("return {|SN5005:_cache|};")]
    [InlineData("if (!training) { return {|SN5005:x|}; } x = x * 2; return x;")]
    public Task A_tensor_of_somebody_else_is_reported(string body) => Code<ReturnsInput>.Reports(Layer(body));

    [Theory]
    [InlineData("return x.alias();")]
    [InlineData("x = x * 2; return x;")]
    [InlineData("while (true) { if (x.sum().item<float>() > 3) return x; x = x * 2; }")]
    [InlineData("var y = x * 2; return y;")]
    [InlineData("Func<Tensor> same = () => { return x; }; return same() * 2;")]
    public Task A_tensor_of_its_own_is_silent(string body) => Code<ReturnsInput>.IsSilent(Layer(body));

    [Fact]
    public async Task Outside_of_a_Sequential_it_is_a_hint()
    {
        var found = await Sources.Of("class Same() : nn.Module<Tensor, Tensor>(\"Same\") { public override Tensor forward(Tensor x) => x; }")
            .Analyze(new Only<ReturnsInput>());
        Assert.Equal([DiagnosticSeverity.Info], found.Select(diagnostic => diagnostic.Severity));
    }

    [Fact]
    public Task A_forward_of_two_tensors_fits_no_Sequential_and_is_silent() => Code<ReturnsInput>.IsSilent(
        "class Second() : nn.Module<Tensor, Tensor, Tensor>(\"Second\") { public override Tensor forward(Tensor x, Tensor y) => y; }");

    [Fact]
    public Task The_fix_returns_an_alias() => Code<ReturnsInput>.Fixes<ReturnsInputFix>(
        Layer("if (!training) return {|SN5005:x|}; return training ? x * 2 : {|SN5005:_cache|};"),
        Layer("if (!training) return x.alias(); return training ? x * 2 : _cache.alias();"));

    private static string Layer(string body) =>
        $$"""
        class Layer() : nn.Module<Tensor, Tensor>("Layer")
        {
            private readonly Tensor _cache = torch.zeros(3);
            public bool HasCache => !_cache.IsInvalid;
            public override Tensor forward(Tensor x) { {{body}} }
            public static object Make() => nn.Sequential(nn.Linear(3, 3), new Layer());
        }
        """;
}
