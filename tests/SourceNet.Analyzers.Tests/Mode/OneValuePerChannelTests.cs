namespace SourceNet.Analyzers.Tests.Mode;

/// <summary>SN1009.</summary>
public class OneValuePerChannelTests
{
    [Theory]
    [InlineData("var norm = nn.BatchNorm1d(3); {|SN1009:norm.call|}(randn(1, 3));")]
    [InlineData("var norm = nn.BatchNorm2d(3); {|SN1009:norm.call|}(torch.zeros(1, 3, 1, 1));")]
    [InlineData("var norm = nn.BatchNorm2d(3); {|SN1009:norm.call|}(torch.zeros([1, 3, 1, 1]));")]
    [InlineData("var norm = nn.BatchNorm1d(3); var input = ones(new long[] { 1, 3 }); {|SN1009:norm.call|}(input);")]
    [InlineData("var net = nn.Sequential(nn.Linear(8, 4), nn.BatchNorm1d(4), nn.ReLU()); {|SN1009:net.call|}(rand(1, 8));")]
    public Task One_value_a_channel_is_found(string body) => Net.Reports(Net.Method(body));

    [Theory]
    [InlineData("var norm = nn.BatchNorm1d(3); norm.call(randn(2, 3)).sum().backward();")]
    [InlineData("var norm = nn.BatchNorm2d(3); norm.call(randn(1, 3, 4, 4)).sum().backward();")]
    [InlineData("var norm = nn.BatchNorm1d(3); norm.call(randn(1, 3, 7)).sum().backward();")]
    [InlineData("var norm = nn.BatchNorm1d(3); norm.eval(); using var _ = no_grad(); norm.call(randn(1, 3));")]
    [InlineData("var net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)); net.call(rand(1, 3, 9, 9)).sum().backward();")]
    [InlineData("var norm = nn.BatchNorm1d(3); var input = ones(1, 3); input = x; norm.call(input).sum().backward();")]
    [InlineData("var norm = nn.BatchNorm1d(3); norm.call(randn(x.shape[0], 3)).sum().backward();")]
    [InlineData("var norm = nn.LayerNorm([3]); norm.call(randn(1, 3)).sum().backward();")]
    public Task Several_values_or_eval_mode_are_silent(string body) => Net.IsSilent(Net.Method(body));
}
