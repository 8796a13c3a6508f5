using SourceNet.CompilerServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Tests.Kernels.Folding;

/// <summary>A layer with a batch norm folded into its weight gives what the two give one after the other.</summary>
public sealed class FoldedBatchNormTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public FoldedBatchNormTests() => manual_seed(1);

    public void Dispose() => scope.Dispose();

    /// <summary>A layer, the batch norm over its output, and an input for it.</summary>
    public static TheoryData<string> Layers =>
        ["linear", "conv1d", "conv2d", "conv2d grouped", "conv2d plain", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d"];

    private sealed record Pair(nn.Module<Tensor, Tensor> Product, BatchNorm Norm, Tensor Input)
    {
        /// <summary>How often the layer itself was called; a folded one is not.</summary>
        public int Calls { get; set; }

        public FoldedBatchNorm Folded { get; } = new();

        public Tensor Run() => Fused.FoldedBatchNorm(Input, Product, Norm, Folded, default(SourceNet.CompilerServices.Activations.ReLU));

        public Tensor Composed() => nn.functional.relu(Norm.call(Product.call(Input)));
    }

    private static Pair Make(string name, bool affine = true)
    {
        (nn.Module<Tensor, Tensor> Product, BatchNorm Norm, Tensor Input) made = name switch
        {
            "linear" => (nn.Linear(6, 5), nn.BatchNorm1d(5, affine: affine), randn(7, 6)),
            "conv1d" => (nn.Conv1d(3, 4, kernel_size: 3, stride: 2, padding: 1, dilation: 2), nn.BatchNorm1d(4, affine: affine), randn(2, 3, 17)),
            "conv2d" => (nn.Conv2d(3, 4, kernel_size: (3, 2), stride: (2, 1), padding: (1, 0), dilation: (1, 2)), nn.BatchNorm2d(4, eps: 1e-2, affine: affine),
                randn(2, 3, 9, 8)),
            "conv2d grouped" => (nn.Conv2d(4, 6, kernel_size: 3, groups: 2), nn.BatchNorm2d(6, affine: affine), randn(2, 4, 7, 7)),
            "conv2d plain" => (nn.Conv2d(3, 4, kernel_size: 3, bias: false), nn.BatchNorm2d(4, affine: affine), randn(2, 3, 9, 8)),
            "conv3d" => (nn.Conv3d(2, 3, kernel_size: 2, padding: 1), nn.BatchNorm3d(3, affine: affine), randn([2, 2, 4, 5, 6])),
            "conv_transpose1d" => (nn.ConvTranspose1d(3, 4, kernel_size: 3, stride: 2, output_padding: 1), nn.BatchNorm1d(4, affine: affine), randn(2, 3, 7)),
            "conv_transpose2d" =>
                (nn.ConvTranspose2d(3, 4, kernel_size: 3, stride: 2, padding: 1, output_padding: 1, dilation: 2), nn.BatchNorm2d(4, affine: affine),
                randn(2, 3, 5, 6)),
            "conv_transpose3d" => (nn.ConvTranspose3d(2, 3, kernel_size: 2, stride: 2), nn.BatchNorm3d(3, affine: affine), randn([2, 2, 3, 4, 3])),
            _ => throw new ArgumentException(name),
        };
        using (no_grad())
        {
            made.Norm.running_mean!.normal_();
            made.Norm.running_var!.uniform_(0.5, 2);
            if (affine)
            {
                made.Norm.weight.normal_();
                made.Norm.bias!.normal_();
            }
        }

        var pair = new Pair(made.Product, made.Norm, made.Input);
        made.Product.register_forward_hook((_, _, output) =>
        {
            pair.Calls++;
            return output;
        });
        made.Norm.eval();
        return pair;
    }

    private static void AssertSame(Tensor expected, Tensor actual, double tolerance = 1e-5)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.True((expected - actual).abs().max().item<float>() <= tolerance * (1 + expected.abs().max().item<float>()), $"{expected.str()}\n{actual.str()}");
    }

    /// <summary>Runs the pair and says whether the layer was folded into one product.</summary>
    private static bool RunsFolded(Pair pair)
    {
        using var ungraded = no_grad();
        var expected = pair.Composed();
        pair.Calls = 0;
        AssertSame(expected, pair.Run());
        return pair.Calls == 0;
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_folded_layer_gives_what_both_give(string name)
    {
        Assert.True(RunsFolded(Make(name)));
        Assert.True(RunsFolded(Make(name, affine: false)));
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("conv2d")]
    public void Any_change_of_a_parameter_or_statistic_is_noticed(string name)
    {
        var pair = Make(name);
        var (weight, bias) = pair.Product is Linear linear ? (linear.weight, linear.bias!) : (((Conv2d)pair.Product).weight, ((Conv2d)pair.Product).bias!);
        foreach (var tensor in new Tensor[] { weight!, bias, pair.Norm.weight, pair.Norm.bias!, pair.Norm.running_mean! })
        {
            Assert.True(RunsFolded(pair));
            using (no_grad())
            {
                tensor.add_(0.5);
            }
        }

        using (no_grad())
        {
            pair.Norm.running_var!.mul_(3);
        }

        Assert.True(RunsFolded(pair));
    }

    [Fact]
    public void A_step_of_the_optimizer_is_noticed()
    {
        var pair = Make("conv2d");
        using var optimizer = new RegularizedAdamW([.. pair.Product.parameters(), .. pair.Norm.parameters()], 0.1);
        Assert.True(RunsFolded(pair));

        pair.Composed().sum().backward();
        optimizer.step();

        Assert.True(RunsFolded(pair));
    }

    [Fact]
    public void Training_is_noticed()
    {
        var pair = Make("conv2d");
        Assert.True(RunsFolded(pair));

        pair.Norm.train();
        pair.Run().Dispose();
        pair.Norm.eval();

        Assert.True(RunsFolded(pair));
    }

    [Fact]
    public void Training_the_norm_elsewhere_is_noticed()
    {
        var pair = Make("conv2d");
        Assert.True(RunsFolded(pair));

        pair.Norm.train();
        Fused.BatchNorm(randn([8, 4, 5, 5]) + 3, pair.Norm, default(SourceNet.CompilerServices.Activations.ReLU)).Dispose();
        pair.Norm.eval();

        Assert.True(RunsFolded(pair));
    }

    [Fact]
    public void A_loaded_state_is_noticed()
    {
        var pair = Make("conv2d");
        var other = Make("conv2d");
        Assert.True(RunsFolded(pair));

        using var stream = new MemoryStream();
        other.Product.save(stream);
        using var saved = new MemoryStream(stream.ToArray());
        pair.Product.load(saved);
        pair.Norm.load_state_dict(other.Norm.state_dict());

        Assert.True(RunsFolded(pair));
        AssertSame(((Conv2d)other.Product).weight, ((Conv2d)pair.Product).weight, 0);
    }

    [Fact]
    public void Another_type_is_noticed()
    {
        var pair = Make("conv2d");
        Assert.True(RunsFolded(pair));

        pair.Product.to(ScalarType.Float64);
        pair.Norm.to(ScalarType.Float64);
        var converted = pair with { Input = pair.Input.to(ScalarType.Float64) };

        using var ungraded = no_grad();
        var difference = (converted.Composed() - Fused.FoldedBatchNorm(
            converted.Input, pair.Product, pair.Norm, pair.Folded, default(SourceNet.CompilerServices.Activations.ReLU))).abs().max().item<double>();
        Assert.True(difference < 1e-12, $"{difference}");
    }

    [Fact]
    public void Gradients_flow_as_they_would_unfolded()
    {
        var pair = Make("conv2d");
        pair.Run().square().sum().backward();
        var folded = pair.Product.parameters().Concat(pair.Norm.parameters()).Select(parameter => parameter.grad!.clone()).ToList();
        pair.Product.zero_grad();
        pair.Norm.zero_grad();

        pair.Composed().square().sum().backward();

        Assert.All(pair.Product.parameters().Concat(pair.Norm.parameters()).Zip(folded), both => AssertSame(both.First.grad!, both.Second, 1e-4));
    }

    [Fact]
    public void A_norm_without_running_statistics_is_not_folded()
    {
        var product = nn.Conv2d(3, 4, kernel_size: 3);
        var norm = nn.BatchNorm2d(4, track_running_stats: false);
        norm.eval();
        var pair = new Pair(product, norm, randn(2, 3, 8, 8));

        using var ungraded = no_grad();
        AssertSame(pair.Composed(), pair.Run());
    }

    [Fact]
    public void Padding_that_is_not_zeros_stays()
    {
        var product = nn.Conv2d(3, 4, kernel_size: 3, padding: 1, padding_mode: PaddingModes.Reflect);
        var norm = nn.BatchNorm2d(4);
        norm.eval();
        var pair = new Pair(product, norm, randn(2, 3, 8, 8));

        using var ungraded = no_grad();
        AssertSame(pair.Composed(), pair.Run());
    }

    [Fact]
    public void An_input_without_a_batch_is_the_norms_own_error()
    {
        var pair = Make("conv2d");
        using var ungraded = no_grad();
        var single = pair.Input[0];

        var expected = Assert.ThrowsAny<Exception>(() => pair.Norm.call(pair.Product.call(single)));
        var actual = Assert.ThrowsAny<Exception>(() => Fused.FoldedBatchNorm(
            single, pair.Product, pair.Norm, pair.Folded, default(SourceNet.CompilerServices.Activations.ReLU)));

        Assert.Equal(expected.GetType(), actual.GetType());
    }

    [Fact]
    public void Many_threads_may_infer_while_the_weights_change()
    {
        var pair = Make("linear");
        var failures = 0;
        Parallel.For(0, 400, index =>
        {
            using var ungraded = no_grad();
            using var inner = NewDisposeScope();
            if (index % 20 == 0)
            {
                pair.Folded.Forget();
            }

            failures += (pair.Run() - pair.Composed()).abs().max().item<float>() < 1e-4 ? 0 : 1;
        });

        Assert.Equal(0, failures);
    }

    [Fact]
    public void An_input_is_left_as_it_was()
    {
        var pair = Make("conv2d");
        var before = pair.Input.clone();
        using var ungraded = no_grad();
        pair.Run();

        AssertSame(before, pair.Input, 0);
    }
}
