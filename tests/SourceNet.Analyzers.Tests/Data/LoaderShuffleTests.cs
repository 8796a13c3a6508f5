using SourceNet.CodeFixes.Data;
using Check = SourceNet.Analyzers.Tests.Code<SourceNet.Analyzers.Data.LoaderShuffle>;

namespace SourceNet.Analyzers.Tests.Data;

/// <summary>SN4003.</summary>
public class LoaderShuffleTests
{
    [Theory]
    [InlineData("using var loader = {|SN4003:utils.data.DataLoader(data, 8)|}; Fit(net, loader);")]
    [InlineData("using var loader = new TorchSharp.Modules.DataLoader(data, 8, {|SN4003:false|}); Fit(net, loader);")]
    [InlineData("var trainLoader = {|SN4003:utils.data.DataLoader(data, 8)|};")]
    [InlineData("using var loader = utils.data.DataLoader(data, 8, {|SN4003:shuffle: true|}); Score(net, loader);")]
    [InlineData("var val_loader = new TorchSharp.Modules.DataLoader(data, 16, {|SN4003:shuffle: true|}, device: CPU);")]
    [InlineData("""var loader = utils.data.DataLoader(torchvision.datasets.MNIST("", train: false), 8, {|SN4003:true|});""")]
    public Task It_fires_on_the_wrong_order(string body) => Check.Reports(Of(body));

    [Theory]
    [InlineData("using var loader = utils.data.DataLoader(data, 8, shuffle: true); Fit(net, loader);")]
    [InlineData("using var loader = utils.data.DataLoader(data, 8); Score(net, loader);")]
    [InlineData("using var loader = utils.data.DataLoader(data, 8); Fit(net, loader); Score(net, loader);")]
    [InlineData("using var loader = utils.data.DataLoader(data, 8, new long[] { 2, 0, 1 }); Fit(net, loader);")]
    [InlineData("using var loader = utils.data.DataLoader(data, 8, given); Fit(net, loader);")]
    [InlineData("var loader = utils.data.DataLoader(data, 8);")]
    [InlineData("var trainLoader = utils.data.DataLoader(shuffledData, 8);")]
    [InlineData("""var testLoader = utils.data.DataLoader(torchvision.datasets.MNIST("", train: true), 8);""")]
    [InlineData("var trainLoader = new Own.DataLoader(data, 8);")]
    public Task The_right_order_and_what_is_not_known_are_silent(string body) => Check.IsSilent(Of(body));

    [Fact]
    public Task The_message_says_what_it_does_to_training() => Check.Reports(
        Of("var trainLoader = {|SN4003:utils.data.DataLoader(data, 8)|};"),
        "The training loader gives the samples in the same order in every epoch: neighbors in the data stay together in batches. Say shuffle: true.");

    [Theory]
    [InlineData("{|SN4003:utils.data.DataLoader(data, 8, device: CPU)|}", "utils.data.DataLoader(data, 8, device: CPU, shuffle: true)")]
    [InlineData("utils.data.DataLoader(data, 8, {|SN4003:false|}, CPU)", "utils.data.DataLoader(data, 8, true, CPU)")]
    [InlineData("new TorchSharp.Modules.DataLoader(data, 8, {|SN4003:shuffle: false|})", "new TorchSharp.Modules.DataLoader(data, 8, shuffle: true)")]
    public Task The_fix_states_it(string before, string after) =>
        Check.Fixes<LoaderShuffleFix>(Of($"var trainLoader = {before};"), Of($"var trainLoader = {after};"));

    [Fact]
    public Task No_fix_is_offered_for_a_variable() =>
        Check.OffersNoFix<LoaderShuffleFix>(Of("const bool order = false; var trainLoader = utils.data.DataLoader(data, 8, {|SN4003:order|});"));

    private static string Of(string body) =>
        $$"""
        namespace Own
        {
            class DataLoader(utils.data.Dataset data, int size);
        }

        class Program
        {
            void Main(nn.Module<Tensor, Tensor> net, utils.data.Dataset data, utils.data.Dataset shuffledData, bool given)
            {
                {{body}}
            }

            private static void Score(nn.Module<Tensor, Tensor> net, TorchSharp.Modules.DataLoader loader)
            {
                using var off = no_grad();
                foreach (var batch in loader)
                {
                    net.call(batch["data"]).argmax(1);
                }
            }

            private static void Fit(nn.Module<Tensor, Tensor> net, TorchSharp.Modules.DataLoader loader)
            {
                foreach (var (batch, i) in loader.Select((batch, i) => (batch, i)))
                {
                    Step(net, batch["data"]);
                }
            }

            private static void Step(nn.Module<Tensor, Tensor> net, Tensor x) => net.call(x).mean().backward();
        }
        """;
}
