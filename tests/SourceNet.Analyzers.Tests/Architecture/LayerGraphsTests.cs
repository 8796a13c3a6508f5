using SourceNet.Analyzers.Architecture;
using SourceNet.CodeFixes.Architecture;

namespace SourceNet.Analyzers.Tests.Architecture;

/// <summary>The rules over the layer graph, each on the shapes that people write and on the nearest correct ones.</summary>
public class LayerGraphsTests
{
    [Theory]
    [InlineData("nn.Linear(8, 8), {|SN3001:nn.Dropout(0.5)|}, nn.BatchNorm1d(8)")]
    [InlineData("nn.Conv2d(3, 8, 3), {|SN3001:nn.Dropout2d(0.2)|}, nn.ReLU(), nn.MaxPool2d(2), nn.BatchNorm2d(8)")]
    [InlineData("nn.Linear(8, 8), nn.ReLU(), {|SN3001:nn.Dropout(0.5)|}, nn.Linear(8, 8, false), nn.BatchNorm1d(8)")]
    public Task Dropout_before_batch_norm_fires(string layers) => Sequence(layers);

    [Theory]
    [InlineData("nn.Linear(8, 8, false), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 2)")]
    [InlineData("nn.Linear(8, 8), nn.ReLU(), nn.Dropout(0.5), nn.LayerNorm(8)")]
    [InlineData("nn.Linear(8, 8), nn.SELU(), nn.AlphaDropout(0.1), nn.BatchNorm1d(8)")]
    [InlineData("nn.Linear(8, 8), nn.ReLU(), nn.Dropout(0), nn.BatchNorm1d(8)")]
    public Task Dropout_elsewhere_is_silent(string layers) => Sequence(layers);

    [Fact]
    public Task Dropout_and_batch_norm_are_followed_through_forward() => Code<LayerGraphs>.Reports(
        """
        class Net : nn.Module<Tensor, Tensor>
        {
            private readonly Linear hidden = nn.Linear(8, 8), last = nn.Linear(8, 2);
            private readonly TorchSharp.Modules.BatchNorm1d norm = nn.BatchNorm1d(8);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var h = nn.functional.relu(hidden.call(x));
                h = {|SN3001:nn.functional.dropout(h, 0.3, training: training)|};
                return last.call(norm.call(h));
            }
        }
        """,
        "This dropout feeds BatchNorm1d 'norm', whose running variance is then that of train mode: eval mode shifts every activation. Put dropout after the "
            + "last batch norm.");

    [Fact]
    public Task A_forward_that_cannot_be_followed_is_silent() => Code<LayerGraphs>.IsSilent(
        """
        class Net(nn.Module<Tensor, Tensor> between) : nn.Module<Tensor, Tensor>("net")
        {
            private readonly nn.Module<Tensor, Tensor> dropout = nn.Dropout(0.5), norm = nn.BatchNorm1d(8);

            public override Tensor forward(Tensor x) => norm.call(between.call(dropout.call(x)));
        }
        """);

    [Theory]
    [InlineData("{|SN3002:nn.Dropout(1.0)|}")]
    [InlineData("{|SN3002:nn.Dropout(-0.1)|}")]
    [InlineData("{|SN3002:nn.Dropout2d(0.8)|}")]
    [InlineData("{|SN3002:nn.Dropout(p: 0.6)|}")]
    public Task A_strange_rate_fires(string dropout) => Sequence($"nn.Linear(8, 8), nn.ReLU(), {dropout}, nn.Linear(8, 2)");

    [Theory]
    [InlineData("nn.Dropout()")]
    [InlineData("nn.Dropout(0)")]
    [InlineData("nn.Dropout(0.5)")]
    public Task A_usual_rate_is_silent(string dropout) => Sequence($"nn.Linear(8, 8), nn.ReLU(), {dropout}, nn.Linear(8, 2)");

    [Fact]
    public Task A_rate_that_looks_like_a_share_to_keep_is_asked_about() => Code<LayerGraphs>.Reports(
        """
        [Model, Input(8)]
        partial class Net
        {
            [Linear(8), Activation(ReLU), {|SN3002:Dropout(0.9)|}]
            private partial Tensor Hidden(Tensor x);

            [Linear(2), Output]
            private partial Tensor Logits(Tensor x);
        }
        """,
        "A dropout rate of 0.9 drops more than it keeps: is 0.1 meant, the share that is not kept? Rates of 0.1 to 0.5 are usual.");

    [Theory]
    [InlineData("nn.Conv2d(3, 8, 3), nn.ReLU(), {|SN3003:nn.Dropout(0.2)|}, nn.Conv2d(8, 8, 3)")]
    [InlineData("nn.Conv3d(3, 8, 3), nn.ReLU(), {|SN3003:nn.Dropout(0.2)|}, nn.MaxPool3d(2), nn.Conv3d(8, 8, 3)")]
    public Task Dropout_of_single_pixels_fires(string layers) => Sequence(layers);

    [Theory]
    [InlineData("nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Dropout(0.2), nn.Flatten(), nn.Linear(8, 2)")]
    [InlineData("nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Dropout2d(0.2), nn.Conv2d(8, 8, 3)")]
    [InlineData("nn.Conv1d(3, 8, 3), nn.ReLU(), nn.Dropout(0.2), nn.Conv1d(8, 8, 3)")]
    [InlineData("nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Dropout(0.2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2)")]
    public Task Dropout_of_maps_or_of_numbers_is_silent(string layers) => Sequence(layers);

    [Fact]
    public Task Dropout_on_logits_fires_where_a_loss_takes_them() => Code<LayerGraphs>.Reports(
        """
        class Net : nn.Module<Tensor, Tensor>
        {
            private readonly Linear hidden = nn.Linear(8, 8), logits = nn.Linear(8, 2);
            private readonly nn.Module<Tensor, Tensor> dropout = nn.Dropout(0.5);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => {|SN3004:dropout.call(logits.call(hidden.call(x).relu()))|};
        }

        class Trainer(Net net)
        {
            public Tensor Loss(Tensor x, Tensor y)
            {
                var output = net.call(x);
                return nn.functional.cross_entropy(output, y);
            }
        }
        """);

    [Fact]
    public Task A_block_that_ends_in_dropout_is_silent() => Code<LayerGraphs>.IsSilent(
        """
        class FeedForward : nn.Module<Tensor, Tensor>
        {
            private readonly TorchSharp.Modules.Sequential body = nn.Sequential(nn.Linear(8, 32), nn.GELU(), nn.Linear(32, 8), nn.Dropout(0.1));

            public FeedForward() : base("ff") => RegisterComponents();

            public override Tensor forward(Tensor x) => body.call(x);
        }

        class Net : nn.Module<Tensor, Tensor>
        {
            private readonly FeedForward body = new();
            private readonly Linear logits = nn.Linear(8, 2);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => logits.call(x + body.call(x));

            public static Tensor Loss(Net net, Tensor x, Tensor y) => nn.functional.cross_entropy(net.call(x), y);
        }
        """);

    [Fact]
    public Task Logits_of_a_sequence_are_followed_to_their_loss() => Code<LayerGraphs>.Reports(
        """
        class Program
        {
            static Tensor Run(Tensor x, Tensor y)
            {
                var net = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 2), {|SN3007:nn.ReLU()|});
                var loss = nn.CrossEntropyLoss();
                return loss.call(net.call(x), y);
            }
        }
        """);

    [Fact]
    public Task A_regression_that_ends_in_relu_is_silent() => Code<LayerGraphs>.IsSilent(
        """
        class Program
        {
            static Tensor Run(Tensor x, Tensor y)
            {
                var net = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 1), nn.ReLU());
                return nn.functional.mse_loss(net.call(x), y);
            }
        }
        """);

    [Theory]
    [InlineData("{|SN3005:nn.Conv2d(3, 8, 3)|}, nn.BatchNorm2d(8), nn.ReLU()")]
    [InlineData("{|SN3005:nn.Linear(3, 8, hasBias: true)|}, nn.BatchNorm1d(8), nn.ReLU()")]
    [InlineData("{|SN3005:nn.ConvTranspose2d(3, 8, 3)|}, nn.InstanceNorm2d(8)")]
    public Task A_bias_before_a_norm_fires(string layers) => Sequence(layers);

    [Theory]
    [InlineData("nn.Conv2d(3, 8, 3, bias: false), nn.BatchNorm2d(8)")]
    [InlineData("nn.Linear(3, 8), nn.LayerNorm(8)")]
    [InlineData("nn.Conv2d(3, 8, 3), nn.ReLU(), nn.BatchNorm2d(8)")]
    public Task A_bias_that_does_something_is_silent(string layers) => Sequence(layers);

    [Fact]
    public Task A_bias_whose_sum_is_used_twice_is_silent() => Code<LayerGraphs>.IsSilent(
        """
        class Net : nn.Module<Tensor, Tensor>
        {
            private readonly Linear a = nn.Linear(8, 8);
            private readonly nn.Module<Tensor, Tensor> norm = nn.BatchNorm1d(8);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                var y = a.call(x);
                return y + norm.call(y);
            }
        }
        """);

    [Fact]
    public Task Batch_norm_behind_attention_fires() => Code<LayerGraphs>.Reports(
        """
        class Net : nn.Module<Tensor, Tensor>
        {
            private readonly TorchSharp.Modules.Embedding tokens = nn.Embedding(100, 8);
            private readonly TorchSharp.Modules.LSTM lstm = nn.LSTM(8, 8, batchFirst: true);
            private readonly nn.Module<Tensor, Tensor> norm = {|SN3006:nn.BatchNorm1d(8)|};

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor ids)
            {
                var (y, _, _) = lstm.call(tokens.call(ids), null);
                return norm.call(y.transpose(1, 2));
            }
        }
        """);

    [Fact]
    public Task Batch_norm_of_a_table_with_embeddings_is_silent() => Code<LayerGraphs>.IsSilent(
        """
        class Net : nn.Module<Tensor, Tensor, Tensor>
        {
            private readonly TorchSharp.Modules.Embedding kind = nn.Embedding(100, 8);
            private readonly nn.Module<Tensor, Tensor> norm = nn.BatchNorm1d(12);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor ids, Tensor numbers) => norm.call(cat([kind.call(ids), numbers], 1));
        }
        """);

    [Theory]
    [InlineData("nn.Linear(8, 16), {|SN3008:nn.Linear(16, 8)|}, nn.ReLU()")]
    [InlineData("nn.Conv2d(3, 8, 3), nn.Flatten(), {|SN3008:nn.Linear(800, 10)|}")]
    public Task Two_layers_in_a_row_fire(string layers) => Sequence(layers);

    [Theory]
    [InlineData("nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 8)")]
    [InlineData("nn.Linear(512, 8), nn.Linear(8, 512)")]
    [InlineData("nn.Conv2d(8, 8, 3, groups: 8), nn.Conv2d(8, 16, 1)")]
    [InlineData("nn.Conv2d(8, 8, (3, 1)), nn.Conv2d(8, 8, (1, 3))")]
    [InlineData("nn.ConvTranspose2d(8, 8, 2), nn.Conv2d(8, 8, 3)")]
    [InlineData("nn.Conv2d(8, 8, 3), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3)")]
    [InlineData("nn.Linear(8, 8), nn.LayerNorm(8), nn.Linear(8, 8)")]
    public Task Layers_with_something_between_or_on_purpose_are_silent(string layers) => Sequence(layers);

    [Theory]
    [InlineData("nn.Linear(8, 8), nn.Dropout(0.2), nn.ReLU(), {|SN3009:nn.Dropout(0.5)|}, nn.Linear(8, 2)")]
    [InlineData("nn.Linear(8, 8), nn.LayerNorm(8), {|SN3009:nn.LayerNorm(8)|}")]
    public Task The_same_twice_fires(string layers) => Sequence(layers);

    [Theory]
    [InlineData("nn.Linear(8, 8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 8), nn.Dropout(0.2)")]
    [InlineData("nn.Linear(8, 8), nn.ReLU(), nn.Dropout(0), nn.Dropout(0.2)")]
    [InlineData("nn.Conv2d(8, 8, 3), nn.ReLU(), nn.Dropout2d(0.2), nn.Flatten(), nn.Dropout(0.5), nn.Linear(8, 2)")]
    public Task Regularizers_apart_are_silent(string layers) => Sequence(layers);

    [Fact]
    public Task What_two_dropouts_drop_is_said() => Code<LayerGraphs>.Reports(
        "class Nets { nn.Module<Tensor, Tensor> Make() => nn.Sequential(nn.Dropout(0.5), {|SN3009:nn.Dropout(0.5)|}); }",
        "Dropout '1' comes right after Dropout '0': together they drop 0.75 of all numbers. Remove one.");

    [Fact]
    public Task Blocks_of_a_declared_model_are_followed() => Code<LayerGraphs>.Reports(Declared(
        """
        [Linear(8), Activation(ReLU), Dropout(0.2)]
        private partial Tensor First(Tensor x);

        [{|SN3009:Dropout(0.3)|}, Linear(8), Activation(ReLU)]
        private partial Tensor Second(Tensor x);

        [Linear(2), Activation(Tanh), {|SN3001:Dropout(0.1)|}, Norm(Batch), Linear(2), Output]
        private partial Tensor Logits(Tensor x);
        """));

    [Fact]
    public Task Strong_dropout_and_strong_decay_are_told_together() => Code<LayerGraphs>.Reports(Declared(
        """
        [Linear(8), Activation(ReLU), {|SN3011:Dropout(0.5)|}]
        private partial Tensor First(Tensor x);

        [Linear(2), Output]
        private partial Tensor Logits(Tensor x);
        """,
        "WeightDecay(0.1)"));

    [Fact]
    public Task Strong_decay_in_an_optimizer_counts_too() => Code<LayerGraphs>.Reports(
        """
        class Net : nn.Module<Tensor, Tensor>
        {
            private readonly TorchSharp.Modules.Sequential body = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), {|SN3011:nn.Dropout(0.5)|}, nn.Linear(8, 2));

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => body.call(x);

            public static optim.Optimizer Train(Net net) => optim.AdamW(net.parameters(), 1e-3, weight_decay: 0.05);
        }

        class Mild : nn.Module<Tensor, Tensor>
        {
            private readonly TorchSharp.Modules.Sequential body = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 2));

            public Mild() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => body.call(x);

            public static optim.Optimizer Train(Mild net) => optim.AdamW(net.parameters(), 1e-3, weight_decay: 1e-4);
        }
        """,
        "A dropout of 0.5 and a weight decay of 0.05 are both strong: together they may keep the model from fitting the data at all. Start with one of "
            + "them, and watch the training loss.");

    [Fact]
    public Task What_a_nested_class_does_is_told_there_once() => Code<LayerGraphs>.Reports(
        """
        class Block : nn.Module<Tensor, Tensor>
        {
            private readonly TorchSharp.Modules.Sequential body = nn.Sequential(nn.Linear(8, 8), {|SN3001:nn.Dropout(0.5)|}, nn.BatchNorm1d(8));

            public Block() : base("block") => RegisterComponents();

            public override Tensor forward(Tensor x) => body.call(x);
        }

        class Net : nn.Module<Tensor, Tensor>
        {
            private readonly TorchSharp.Modules.Sequential blocks = nn.Sequential(new Block(), new Block());

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => blocks.call(x);
        }
        """);

    [Fact]
    public Task The_fix_drops_whole_maps() => Code<LayerGraphs>.Fixes<SpatialDropoutFix>(
        """
        class Net : nn.Module<Tensor, Tensor>
        {
            private readonly nn.Module<Tensor, Tensor> a = nn.Conv2d(3, 8, 3), drop = {|SN3003:nn.Dropout(p: 0.2)|};
            private readonly nn.Module<Tensor, Tensor> b = nn.Conv2d(8, 8, 3), c = nn.Conv2d(8, 8, 3);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = b.call(drop.call(a.call(x).relu())).relu();
                x = {|SN3003:nn.functional.dropout(x, 0.1, training: training)|};
                return c.call(x);
            }
        }
        """,
        """
        class Net : nn.Module<Tensor, Tensor>
        {
            private readonly nn.Module<Tensor, Tensor> a = nn.Conv2d(3, 8, 3), drop = nn.Dropout2d(p: 0.2);
            private readonly nn.Module<Tensor, Tensor> b = nn.Conv2d(8, 8, 3), c = nn.Conv2d(8, 8, 3);

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                x = b.call(drop.call(a.call(x).relu())).relu();
                x = nn.functional.dropout2d(x, 0.1, training: training);
                return c.call(x);
            }
        }
        """);

    [Fact]
    public Task A_field_of_the_other_type_gets_no_fix() => Code<LayerGraphs>.OffersNoFix<SpatialDropoutFix>(
        """
        class Net : nn.Module<Tensor, Tensor>
        {
            private readonly nn.Module<Tensor, Tensor> a = nn.Conv2d(3, 8, 3), b = nn.Conv2d(8, 8, 3);
            private readonly TorchSharp.Modules.Dropout drop = {|SN3003:nn.Dropout(p: 0.2)|};

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x) => b.call(drop.call(a.call(x).relu()));
        }
        """);

    [Fact]
    public Task The_fix_leaves_the_bias_out() => Code<LayerGraphs>.Fixes<BiasBeforeNormFix>(
        """
        class Nets
        {
            nn.Module<Tensor, Tensor> Make() => nn.Sequential(
                {|SN3005:nn.Conv2d(3, 8, 3)|}, nn.BatchNorm2d(8), nn.ReLU(),
                {|SN3005:nn.Conv2d(8, 8, (3, 3), bias: true)|}, nn.BatchNorm2d(8), nn.Flatten(), nn.ReLU(),
                {|SN3005:nn.Linear(8, 8, true)|}, nn.BatchNorm1d(8));
        }
        """,
        """
        class Nets
        {
            nn.Module<Tensor, Tensor> Make() => nn.Sequential(
                nn.Conv2d(3, 8, 3, bias: false), nn.BatchNorm2d(8), nn.ReLU(),
                nn.Conv2d(8, 8, (3, 3), bias: false), nn.BatchNorm2d(8), nn.Flatten(), nn.ReLU(),
                nn.Linear(8, 8, false), nn.BatchNorm1d(8));
        }
        """);

    private static Task Sequence(string layers) => Code<LayerGraphs>.Reports($"class Nets {{ nn.Module<Tensor, Tensor> Make() => nn.Sequential({layers}); }}");

    private static string Declared(string blocks, string attributes = "WeightDecay(0)") =>
        $"[Model, Input(8), {attributes}]\npartial class Net\n{{\n{blocks}\n}}";
}
