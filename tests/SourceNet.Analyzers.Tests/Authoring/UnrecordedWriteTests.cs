using Microsoft.CodeAnalysis;
using SourceNet.Analyzers.Authoring;

namespace SourceNet.Analyzers.Tests.Authoring;

public class UnrecordedWriteTests
{
    [Fact]
    public Task The_message_names_the_tensor() => Code<UnrecordedWrite>.Reports(
        Step("var loss = w * w; {|SN5010:w.data<float>()[0]|} = 5; loss.backward();"),
        "This writes into 'w' after the forward pass used it and before backward(): autograd does not notice and takes the new value for the old one. Write "
            + "after backward().");

    [Theory]
    [InlineData("var y = torch.ones(1, requires_grad: true); var loss = y.log(); {|SN5010:y.data<float>()[0]|} -= 1; loss.backward();")]
    [InlineData("var loss = (x * w).sum(); var values = w.data<float>(); {|SN5010:values[0]|} = 5; loss.backward();")]
    [InlineData("var loss = torch.mm(x, w).sum(); {|SN5010:w.bytes|} = bytes; loss.backward();")]
    public Task A_write_between_is_reported(string body) => Code<UnrecordedWrite>.Reports(Step(body));

    [Theory]
    [InlineData("var loss = w * w;", DiagnosticSeverity.Warning)]
    [InlineData("var loss = x / w;", DiagnosticSeverity.Warning)]
    [InlineData("var loss = w.pow(2);", DiagnosticSeverity.Warning)]
    [InlineData("var loss = x * w;", DiagnosticSeverity.Info)]
    [InlineData("var loss = torch.mm(x, w);", DiagnosticSeverity.Info)]
    public async Task It_is_a_hint_where_the_gradient_may_not_need_the_value(string forward, DiagnosticSeverity severity)
    {
        var found = await Sources.Of(Step(forward + " w.data<float>()[0] = 5; loss.backward();")).Analyze(new Only<UnrecordedWrite>());
        Assert.Equal([severity], found.Select(diagnostic => diagnostic.Severity));
    }

    [Theory]
    [InlineData("w.data<float>()[0] = 5; var loss = w * w; loss.backward();")]
    [InlineData("var loss = w * w; loss.backward(); w.data<float>()[0] -= 0.1f; loss = w * w; loss.backward();")]
    [InlineData("for (var i = 0; i < 3; i++) { var loss = w * w; loss.backward(); w.data<float>()[0] -= 0.1f; }")]
    [InlineData("var loss = x * x; x.data<float>()[0] = 5; loss.backward();")]
    [InlineData("var loss = w * w; var first = w.data<float>()[0]; loss.backward();")]
    [InlineData("var loss = w * w; w.data<float>()[0] = 5; loss = w * w; loss.backward();")]
    public Task A_write_before_or_after_is_silent(string body) => Code<UnrecordedWrite>.IsSilent(Step(body));

    private static string Step(string body) => $"class Trainer {{ void Step(Parameter w, Tensor x, byte[] bytes) {{ {body} }} }}";
}
