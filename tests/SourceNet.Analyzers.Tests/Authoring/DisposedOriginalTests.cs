using SourceNet.Analyzers.Authoring;
using SourceNet.CodeFixes.Authoring;

namespace SourceNet.Analyzers.Tests.Authoring;

public class DisposedOriginalTests
{
    [Fact]
    public Task The_message_names_the_operator_and_the_tensor() => Code<DisposedOriginalAnalyzer>.Reports(
        Code("using var y = {|SN5006:x.add_(1)|};"),
        "add_ returns 'x' itself, so this using disposes 'x', which is still needed. Drop the using, or use the operator without the underscore.");

    [Theory]
    [InlineData("using var y = {|SN5006:_sum.add_(x)|};")]
    [InlineData("using (var y = {|SN5006:x.mul_(2).relu_()|}) { }")]
    [InlineData("using ({|SN5006:x.fill_(2)|}) { }")]
    [InlineData("var z = x * 2; using (var y = {|SN5006:z.add_(1)|}) { } z.print();")]
    [InlineData("var z = x * 2; foreach (var i in new[] { 1, 2 }) { using var y = {|SN5006:z.add_(i)|}; } z.print();")]
    public Task A_tensor_that_is_needed_afterwards_is_reported(string body) => Code<DisposedOriginalAnalyzer>.Reports(Code(body));

    [Theory]
    [InlineData("using var y = x.add(1);")]
    [InlineData("var y = x.add_(1);")]
    [InlineData("using var y = x.gelu_();")]
    [InlineData("using var y = (x * 2).add_(1);")]
    [InlineData("using var y = torch.randn(3).add_(1);")]
    [InlineData("var z = x * 2; using var y = z.add_(1); z.print();")]
    [InlineData("var z = x * 2; using (var y = z.add_(1)) { } z = x * 3; z.print();")]
    [InlineData("x = x * 2; using var y = x.add_(1);")]
    public Task A_tensor_that_ends_here_is_silent(string body) => Code<DisposedOriginalAnalyzer>.IsSilent(Code(body));

    [Fact]
    public Task The_fix_drops_the_using() => Code<DisposedOriginalAnalyzer>.Fixes<DisposedOriginalFix>(
        Code("\n        // In place.\n        using var y = {|SN5006:_sum.add_(x)|};\n        y.print();\n"),
        Code("\n        // In place.\n        var y = _sum.add_(x);\n        y.print();\n"));

    [Fact]
    public Task A_using_with_a_block_gets_no_fix() => Code<DisposedOriginalAnalyzer>.OffersNoFix<DisposedOriginalFix>(Code("using (var y = {|SN5006:_sum.add_(x)|}) { y.print(); }"));

    private static string Code(string body) => $"class Average {{ private readonly Tensor _sum = torch.zeros(3); public Tensor Sum => _sum; public void Add(Tensor x) {{ {body} }} }}";
}
