using Check = SourceNet.Analyzers.Tests.Code<SourceNet.Analyzers.Data.UndersizedLastBatch>;

namespace SourceNet.Analyzers.Tests.Data;

/// <summary>SN4005.</summary>
public class UndersizedLastBatchTests
{
    [Theory]
    [InlineData("var net = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4));", "{|SN4005:utils.data.DataLoader(data, 8)|}")]
    [InlineData("var net = new Net();", "{|SN4005:new TorchSharp.Modules.IterableDataLoader(data, 8, shuffle: true)|}")]
    [InlineData("var net = new Net();", "{|SN4005:utils.data.DataLoader(utils.data.TensorDataset(rand(17, 4)), 8)|}")]
    [InlineData(
        "var net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Conv2d(4, 4, 1), nn.BatchNorm2d(4), nn.Flatten());",
        "{|SN4005:utils.data.DataLoader(data, 8)|}")]
    [InlineData("var net = new Declared();", "{|SN4005:utils.data.DataLoader(data, 8)|}")]
    public Task It_fires_where_one_sample_may_be_left(string net, string loader) => Check.Reports(Of(net, loader));

    [Theory]
    [InlineData("var net = new Net();", "utils.data.DataLoader(data, 8, drop_last: true)")]
    [InlineData("var net = new Net();", "utils.data.DataLoader(data, 1)")]
    [InlineData("var net = new Net();", "utils.data.DataLoader(utils.data.TensorDataset(rand(16, 4)), 8)")]
    [InlineData("var net = nn.Sequential(nn.Linear(4, 4), nn.LayerNorm(4));", "utils.data.DataLoader(data, 8)")]
    [InlineData("var net = nn.Sequential(nn.Conv1d(4, 4, 3), nn.BatchNorm1d(4));", "utils.data.DataLoader(data, 8)")]
    [InlineData("var net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.AdaptiveAvgPool2d(1));", "utils.data.DataLoader(data, 8)")]
    [InlineData("var net = new Maps();", "utils.data.DataLoader(data, 8)")]
    [InlineData("var net = given;", "utils.data.DataLoader(data, 8)")]
    public Task Other_models_and_sizes_are_silent(string net, string loader) => Check.IsSilent(Of(net, loader));

    [Fact]
    public Task An_evaluation_is_silent() => Check.IsSilent(Of("var net = new Net(); net.eval();", "utils.data.DataLoader(data, 8)", "net.call(batch[0]);"));

    [Fact]
    public Task The_message_names_the_model() => Check.Reports(
        Of("var net = new Net();", "{|SN4005:utils.data.DataLoader(data, 8)|}"),
        "The last batch may be a single sample, and 'net' has a batch norm that gets one value per channel of each sample: with one in all its running "
            + "variance turns NaN for good. Say drop_last: true.");

    [Theory]
    [InlineData("{|SN4005:new SourceNet.Training.TensorBatches(inputs, inputs, 8)|}")]
    [InlineData("{|SN4005:new SourceNet.Training.TensorBatches(rand(17, 4), inputs, 8, shuffle: true)|}")]
    [InlineData("new SourceNet.Training.TensorBatches(rand(16, 4), inputs, 8)")]
    [InlineData("new SourceNet.Training.TensorBatches(inputs, inputs, 8, dropLast: true)")]
    public Task Sources_of_SourceNet_are_known(string source) => Check.Reports(
        $$"""
        class Program
        {
            void Main(Tensor inputs)
            {
                var net = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4));
                var source = {{source}};
                for (var epoch = 0; epoch < 3; epoch++)
                {
                    foreach (var batch in source.Epoch(epoch))
                    {
                        net.call(batch.Inputs).mean().backward();
                    }
                }
            }
        }
        """);

    private static string Of(string net, string loader, string step = "net.call(batch[0]).mean().backward();") =>
        $$"""
        class Net : nn.Module<Tensor, Tensor>
        {
            private readonly nn.Module<Tensor, Tensor> _norm = nn.BatchNorm1d(4);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => _norm.call(x);
        }

        [Model, Input(4)]
        partial class Declared { [Linear(4), Norm(Batch), Activation(ReLU)] private partial Tensor Body(Tensor x); }

        [Model, Input(3, 8, 8)]
        partial class Maps { [Conv2d(4, Kernel = 3), Norm(Batch), GlobalAveragePool, Linear(2)] private partial Tensor Body(Tensor x); }

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
