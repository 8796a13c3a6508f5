using Check = SourceNet.Analyzers.Tests.Code<SourceNet.Analyzers.Data.UndersizedLastBatch>;

namespace SourceNet.Analyzers.Tests.Data;

/// <summary>SN4005.</summary>
public class UndersizedLastBatchTests
{
    [Theory]
    [InlineData("var net = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4));", "{|SN4005:utils.data.DataLoader(data, 8)|}")]
    [InlineData("var net = new Net();", "{|SN4005:new TorchSharp.Modules.IterableDataLoader(data, 8, shuffle: true)|}")]
    [InlineData("var net = new Net();", "{|SN4005:utils.data.DataLoader(utils.data.TensorDataset(rand(17, 4)), 8)|}")]
    public Task It_fires_where_one_sample_may_be_left(string net, string loader) => Check.Reports(Of(net, loader));

    [Theory]
    [InlineData("var net = new Net();", "utils.data.DataLoader(data, 8, drop_last: true)")]
    [InlineData("var net = new Net();", "utils.data.DataLoader(data, 1)")]
    [InlineData("var net = new Net();", "utils.data.DataLoader(utils.data.TensorDataset(rand(16, 4)), 8)")]
    [InlineData("var net = nn.Sequential(nn.Linear(4, 4), nn.LayerNorm(4));", "utils.data.DataLoader(data, 8)")]
    [InlineData("var net = nn.Sequential(nn.Conv1d(4, 4, 3), nn.BatchNorm1d(4));", "utils.data.DataLoader(data, 8)")]
    [InlineData("var net = given;", "utils.data.DataLoader(data, 8)")]
    public Task Other_models_and_sizes_are_silent(string net, string loader) => Check.IsSilent(Of(net, loader));

    [Fact]
    public Task An_evaluation_is_silent() => Check.IsSilent(Of("var net = new Net(); net.eval();", "utils.data.DataLoader(data, 8)", "net.call(batch[0]);"));

    [Fact]
    public Task The_message_names_the_model() => Check.Reports(
        Of("var net = new Net();", "{|SN4005:utils.data.DataLoader(data, 8)|}"),
        "The last batch may be a single sample, and 'net' has BatchNorm1d: with one value per channel its running variance turns NaN for good. Say "
            + "drop_last: true.");

    private static string Of(string net, string loader, string step = "net.call(batch[0]).mean().backward();") =>
        $$"""
        class Net : nn.Module<Tensor, Tensor>
        {
            private readonly nn.Module<Tensor, Tensor> _norm = nn.BatchNorm1d(4);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => _norm.call(x);
        }

        class Program
        {
            void Main(utils.data.IterableDataset data, nn.Module<Tensor, Tensor> given)
            {
                {{net}}
                using var loader = {{loader}};
                foreach (var batch in loader)
                {
                    {{step}}
                }
            }
        }
        """;
}
