using Check = SourceNet.Analyzers.Tests.Code<SourceNet.Analyzers.Data.UnusedTestSet>;

namespace SourceNet.Analyzers.Tests.Data;

/// <summary>SN4006.</summary>
public class UnusedTestSetTests
{
    [Fact]
    public Task It_fires_on_a_slip() => Check.Reports(
        """
        class Program
        {
            void Main(nn.Module<Tensor, Tensor> net)
            {
                using var first = torchvision.datasets.MNIST("", train: true);
                using var second = torchvision.datasets.MNIST("", train: false);
                using var loader = utils.data.DataLoader({|SN4006:first|}, 8);
                net.eval();
                foreach (var batch in loader)
                {
                    net.call(batch["data"]);
                }
            }
        }
        """,
        "'loader' loads 'first', and 'second' is never used: the evaluation measures what the model has seen. Load 'second'.");

    [Fact]
    public Task It_reads_names_of_parameters() => Check.Reports(Of("var testLoader = utils.data.DataLoader({|SN4006:trainData|}, 8);"));

    [Fact]
    public Task To_count_a_test_set_is_not_to_use_it() =>
        Check.Reports(Of("var testLoader = utils.data.DataLoader({|SN4006:trainData|}, 8); var share = 3.0 / testData.Count;"));

    [Theory]
    [InlineData("var testLoader = utils.data.DataLoader(testData, 8);")]
    [InlineData("var trainLoader = utils.data.DataLoader(trainData, 8);")]
    [InlineData("var testLoader = utils.data.DataLoader(trainData, 8); var other = utils.data.DataLoader(testData, 8);")]
    [InlineData("var testLoader = utils.data.DataLoader(data, 8);")]
    [InlineData("var trainEvalLoader = utils.data.DataLoader(trainData, 8);")]
    public Task Other_loaders_are_silent(string body) => Check.IsSilent(Of(body));

    private static string Of(string body) =>
        $$"""
        class Program
        {
            void Main(utils.data.Dataset data, utils.data.Dataset trainData, utils.data.Dataset testData)
            {
                {{body}}
            }
        }
        """;
}
