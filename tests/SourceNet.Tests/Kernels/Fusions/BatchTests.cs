using SourceNet.Activations;
using SourceNet.Kernels.Batches;
using SourceNet.Kernels.Masks;
using TorchSharp;
using BatchNorm = TorchSharp.Modules.BatchNorm;
using static TorchSharp.torch;

namespace SourceNet.Tests.Kernels.Fusions;

/// <summary>Batch norm with activation and dropout: result, gradients and running statistics of the kernel against operators in double precision.</summary>
public sealed class BatchTests
{
    private const double Eps = 1e-3;

    /// <summary>Features, signals, images and volumes: few and many channels, small and large planes, around every width of vectors.</summary>
    private static readonly long[][] s_shapes =
    [
        [2, 1], [3, 5], [7, 16], [5, 17], [300, 33], [4, 130], [2, 3, 1], [2, 3, 7], [3, 2, 16], [2, 17, 5], [4, 1, 1000], [2, 3, 4, 4], [1, 2, 5, 7], [2, 33, 3, 3], [3, 4, 9, 11], [2, 2, 70, 70],
        [2, 3, 2, 3, 5],
    ];

    public static TheoryData<string> Activations => [.. ActivationList.Names];

    /// <summary>The kernel's call and its operators. Inputs are x, weight and bias.</summary>
    private sealed class Operation(BatchNorm norm, bool usesBatch, double rate, bool channels) : IActivationVisitor<(Func<Tensor?[], Tensor> Kernel, Func<Tensor?[], Tensor> Operators)>
    {
        private readonly KeepMask? mask = rate > 0 ? new KeepMask(23, rate) : null;

        public (Func<Tensor?[], Tensor> Kernel, Func<Tensor?[], Tensor> Operators) Visit<TActivation>(TActivation activation)
            where TActivation : unmanaged, IActivation =>
            (
                inputs => new BatchOperation<TActivation>(norm, usesBatch, activation, mask, channels).ApplySingle(inputs),
                inputs =>
                {
                    var x = inputs[0]!;
                    var (mean, variance) = usesBatch ? (null, null) : (norm.running_mean!.to(x.dtype), norm.running_var!.to(x.dtype));
                    var result = activation.Compose(nn.functional.batch_norm(x, mean, variance, inputs[1], inputs[2], training: usesBatch, eps: Eps));
                    return mask is not { } drawn ? result : result * Factors(drawn, result);
                }
            );

        private Tensor Factors(KeepMask drawn, Tensor result)
        {
            if (!channels)
            {
                return MaskTensor.Of(drawn, result);
            }

            long[] shape = [result.shape[0], result.shape[1], .. Enumerable.Repeat(1L, (int)result.ndim - 2)];
            return MaskTensor.Of(drawn, empty(shape, result.dtype));
        }
    }

    private static BatchNorm Norm(long[] shape, bool affine = true, double momentum = 0.1)
    {
        BatchNorm norm = shape.Length switch
        {
            2 or 3 => nn.BatchNorm1d(shape[1], Eps, momentum, affine),
            4 => nn.BatchNorm2d(shape[1], Eps, momentum, affine),
            _ => nn.BatchNorm3d(shape[1], Eps, momentum, affine),
        };
        norm.running_mean!.normal_();
        norm.running_var!.uniform_(0.5, 2);
        return norm;
    }

    private static Tensor?[] Inputs(long[] shape, bool plain = false) =>
    [
        ((randn(shape) * 1.5) + (shape[1] % 2 == 1 ? 3 : 0)).requires_grad_(true),
        plain ? null : ((randn(shape[1]) * 0.5) + 1).requires_grad_(true),
        plain ? null : randn(shape[1]).requires_grad_(true),
    ];

    [Theory]
    [MemberData(nameof(Activations))]
    public void Training_gives_right_results_and_gradients_for_every_shape(string activation)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        foreach (var shape in s_shapes)
        {
            var (kernel, operators) = ActivationList.Visit(activation, new Operation(Norm(shape), usesBatch: true, rate: 0, channels: false));
            Comparison.Check(kernel, operators, Inputs(shape), slack: 60);
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Given_statistics_give_right_results_and_gradients(string activation)
    {
        using var scope = NewDisposeScope();
        manual_seed(6);
        foreach (var shape in s_shapes)
        {
            var norm = Norm(shape);
            norm.eval();
            var (kernel, operators) = ActivationList.Visit(activation, new Operation(norm, usesBatch: false, rate: 0, channels: false));
            Comparison.Check(kernel, operators, Inputs(shape), slack: 60);
        }
    }

    [Theory]
    [InlineData("Identity")]
    [InlineData("ReLU")]
    [InlineData("GELU")]
    public void Dropout_of_elements_and_of_channels_takes_part(string activation)
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        foreach (var shape in s_shapes)
        {
            foreach (var channels in new[] { false, true })
            {
                var (kernel, operators) = ActivationList.Visit(activation, new Operation(Norm(shape), usesBatch: true, rate: 0.4, channels));
                Comparison.Check(kernel, operators, Inputs(shape), slack: 60);
            }
        }
    }

    [Fact]
    public void A_norm_needs_neither_scale_nor_shift()
    {
        using var scope = NewDisposeScope();
        foreach (var shape in new long[][] { [20, 5], [4, 5, 6, 6] })
        {
            var (kernel, operators) = ActivationList.Visit("SiLU", new Operation(Norm(shape, affine: false), usesBatch: true, rate: 0.2, channels: true));
            Comparison.Check(kernel, operators, Inputs(shape, plain: true), slack: 60);
        }
    }

    [Fact]
    public void A_large_mean_takes_no_precision_from_the_variance()
    {
        using var scope = NewDisposeScope();
        foreach (var shape in new long[][] { [64, 4, 16, 16], [500, 20] })
        {
            var x = (randn(shape) + 1000).requires_grad_(true);
            var (kernel, operators) = ActivationList.Visit("Identity", new Operation(Norm(shape), usesBatch: true, rate: 0, channels: false));
            // What is left is the rounding of x - mean itself.
            Comparison.Check(kernel, operators, [x, null, null], slack: 600);
        }
    }

    [Theory]
    [InlineData(64, 7)]
    [InlineData(1, 3)]
    [InlineData(200, 40)]
    public void Running_statistics_move_as_in_libtorch(long samples, long channels)
    {
        using var scope = NewDisposeScope();
        foreach (var shape in new long[][] { [samples + 1, channels], [samples, channels, 6], [samples, channels, 3, 5] })
        {
            foreach (var momentum in new[] { 0.1, 0.5 })
            {
                var ours = Norm(shape, momentum: momentum);
                var theirs = Norm(shape, momentum: momentum);
                theirs.load_state_dict(ours.state_dict());
                for (var step = 0; step < 3; step++)
                {
                    var x = (randn(shape) * 2) + 1;
                    Fused.BatchNorm(x, ours, default(ReLU));
                    theirs.call(x);
                }

                Assert.True(ours.running_mean!.allclose(theirs.running_mean!, 1e-5, 1e-6));
                Assert.True(ours.running_var!.allclose(theirs.running_var!, 1e-4, 1e-6));
                Assert.Equal(3, ours.num_batches_tracked!.item<long>());
            }
        }
    }

    [Fact]
    public void One_number_a_channel_leaves_the_running_variance_no_number_as_in_libtorch()
    {
        using var scope = NewDisposeScope();
        var (ours, theirs) = (nn.BatchNorm1d(3), nn.BatchNorm1d(3));
        var x = randn(1, 3);
        Fused.BatchNorm(x, ours, default(ReLU));
        theirs.call(x);

        Assert.Equal(theirs.running_var!.isnan().data<bool>().ToArray(), ours.running_var!.isnan().data<bool>().ToArray());
    }

    [Fact]
    public void What_is_no_number_spreads_over_its_channel_as_in_libtorch()
    {
        using var scope = NewDisposeScope();
        foreach (var odd in new[] { float.NaN, float.PositiveInfinity })
        {
            foreach (var shape in new long[][] { [20, 5], [4, 5, 6, 6] })
            {
                var (kernel, operators) = ActivationList.Visit("Tanh", new Operation(Norm(shape), usesBatch: true, rate: 0, channels: false));
                var inputs = Inputs(shape);
                using (no_grad())
                {
                    inputs[0]!.select(1, 2).flatten()[3].fill_(odd);
                    inputs[0]!.select(0, 1).select(0, 2).fill_(odd);
                }

                Comparison.Check(kernel, operators, inputs, slack: 60);
            }
        }
    }

    [Fact]
    public void Gradients_are_the_slopes_of_results()
    {
        using var scope = NewDisposeScope();
        manual_seed(9);
        foreach (var shape in new long[][] { [12, 5], [3, 5, 4, 4] })
        {
            var (kernel, _) = ActivationList.Visit("SiLU", new Operation(Norm(shape), usesBatch: true, rate: 0.3, channels: true));
            var inputs = Inputs(shape);
            var direction = inputs.Select(input => randn_like(input!.detach())).ToArray();
            var (_, gradients) = Comparison.Run(kernel, inputs, expand: true);
            var slope = direction.Zip(gradients).Sum(pair => (pair.First * pair.Second!).sum().item<float>());
            var step = 1e-2;
            var difference = (Sum(step) - Sum(-step)) / (2 * step);

            Assert.InRange(difference, slope - (2e-2 * (1 + Math.Abs(slope))), slope + (2e-2 * (1 + Math.Abs(slope))));

            double Sum(double size)
            {
                using var ungraded = no_grad();
                return kernel([.. inputs.Zip(direction, (input, along) => input! + (along * size))]).sum(ScalarType.Float64).item<double>();
            }
        }
    }
}
