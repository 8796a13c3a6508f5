using SourceNet.Analyzers.Authoring;
using SourceNet.CodeFixes.Authoring;

namespace SourceNet.Analyzers.Tests.Authoring;

public class InPlaceAliasDisposedTests
{
    [Fact]
    public Task The_message_names_the_operator_and_the_tensor() => Code<InPlaceAliasDisposed>.Reports(
        Code("using var y = {|SN5006:x.add_(1)|};"),
        "add_ returns 'x' itself, so this using disposes 'x', which is still needed. Drop the using, or use the operator without the underscore.");

    [Theory]
    [InlineData("using var y = {|SN5006:_sum.add_(x)|};")]
    [InlineData("using (var y = {|SN5006:x.mul_(2).relu_()|}) { }")]
    [InlineData("using ({|SN5006:x.fill_(2)|}) { }")]
    [InlineData("var z = x * 2; using (var y = {|SN5006:z.add_(1)|}) { } z.print();")]
    [InlineData("var z = x * 2; foreach (var i in new[] { 1, 2 }) { using var y = {|SN5006:z.add_(i)|}; } z.print();")]
    public Task A_tensor_that_is_needed_afterwards_is_reported(string body) => Code<InPlaceAliasDisposed>.Reports(Code(body));

    [Theory]
    [InlineData("using var y = x.add(1);")]
    [InlineData("var y = x.add_(1);")]
    [InlineData("using var y = x.gelu_();")]
    [InlineData("using var y = (x * 2).add_(1);")]
    [InlineData("using var y = torch.randn(3).add_(1);")]
    [InlineData("var z = x * 2; using var y = z.add_(1); z.print();")]
    [InlineData("var z = x * 2; using (var y = z.add_(1)) { } z = x * 3; z.print();")]
    [InlineData("x = x * 2; using var y = x.add_(1);")]
    public Task A_tensor_that_ends_here_is_silent(string body) => Code<InPlaceAliasDisposed>.IsSilent(Code(body));

    [Theory]
    [InlineData("var sum = _sum; using var y = {|SN5006:sum.add_(x)|};")]
    [InlineData("var sum = _sums[\"a\"]; using var y = {|SN5006:sum.add_(x)|};")]
    [InlineData("foreach (var (name, _) in _sums) { var sum = _sums[name]; using var y = {|SN5006:sum.mul_(0.9).add_(x)|}; }")]
    [InlineData("var sum = _list[0]; using var y = {|SN5006:sum.add_(x)|};")]
    public Task A_tensor_that_a_field_holds_is_reported(string body) => Code<InPlaceAliasDisposed>.Reports(Holder(body));

    [Theory]
    [InlineData("Tensor Sum { get; } = torch.zeros(3);", "{|SN5006:Sum.add_(1)|}")]
    [InlineData("Tensor Sum => _sum; readonly Tensor _sum = torch.zeros(3);", "{|SN5006:Sum.add_(1)|}")]
    [InlineData("Tensor Sum => get_buffer(\"sum\")!;", "{|SN5006:Sum.add_(1)|}")]
    [InlineData("Tensor Sum => torch.zeros(3);", "Sum.add_(1)")]
    [InlineData("Tensor Sum => _sum.clone(); readonly Tensor _sum = torch.zeros(3);", "Sum.add_(1)")]
    public Task A_property_is_needed_if_it_gives_what_is_kept(string property, string resource) => Code<InPlaceAliasDisposed>.Reports(
        $"class Average() : nn.Module(\"Average\") {{ {property} public void Add() {{ using var y = {resource}; }} }}");

    [Theory]
    [InlineData("var sum = _sum; using var y = sum.add_(x); _sum = x * 2;")]
    [InlineData("var sum = _sums[\"a\"]; using var y = sum.add_(x); _sums.Remove(\"a\");")]
    [InlineData("var sum = _sums[\"a\"]; using var y = sum.add_(x); _sums[\"a\"] = x * 2;")]
    [InlineData("var sum = _list[0]; using var y = sum.add_(x); _list.Clear();")]
    [InlineData("var made = new List<Tensor> { x * 2 }; var sum = made[0]; using var y = sum.add_(x);")]
    [InlineData("var row = x[0]; using var y = row.add_(1);")]
    [InlineData("var sum = _list[0] * 2; using var y = sum.add_(x);")]
    public Task A_tensor_that_its_holder_gives_up_is_silent(string body) => Code<InPlaceAliasDisposed>.IsSilent(Holder(body));

    [Fact]
    public Task The_fix_drops_the_using() => Code<InPlaceAliasDisposed>.Fixes<InPlaceAliasDisposedFix>(
        Code("\n        // In place.\n        using var y = {|SN5006:_sum.add_(x)|};\n        y.print();\n"),
        Code("\n        // In place.\n        var y = _sum.add_(x);\n        y.print();\n"));

    [Fact]
    public Task A_using_with_a_block_gets_no_fix() =>
        Code<InPlaceAliasDisposed>.OffersNoFix<InPlaceAliasDisposedFix>(Code("using (var y = {|SN5006:_sum.add_(x)|}) { y.print(); }"));

    private static string Code(string body) =>
        $"class Average {{ private readonly Tensor _sum = torch.zeros(3); public Tensor Sum => _sum; public void Add(Tensor x) {{ {body} }} }}";

    private static string Holder(string body) =>
        $"class Average {{ private Tensor _sum = torch.zeros(3); private readonly List<Tensor> _list = new(); private readonly Dictionary<string, Tensor> "
            + $"_sums = new(); public Tensor Sum => _sum; public void Add(Tensor x) {{ {body} }} }}";
}
