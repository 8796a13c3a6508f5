using SourceNet.Activations;
using SourceNet.Kernels.Batches;
using SourceNet.Kernels.Masks;
using SourceNet.Tests.Kernels.Vectors;
using SourceNet.Tests.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Kernels.Batches;

/// <summary>A residual sum with the batch norm after it: the sum, the result, every gradient and the running statistics.</summary>
public sealed class BatchSumTests
{
    private static readonly DropoutMask s_path = new(0xFEED, 0.4);

    /// <summary>Planes around every vector width; channels that are one tile, and channels that are cut into several.</summary>
    private static readonly long[][] s_shapes =
    [
        [3, 2, 2], [2, 3, 5], [4, 3, 17], [5, 2, 4, 4], [2, 9, 3, 11], [3, 5, 8, 8], [2, 2, 3, 4, 5], [3, 2, 128, 129], [2, 1, 300, 301],
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Is_as_precise_as_libtorch(bool training)
    {
        foreach (var shape in s_shapes)
        {
            Check(shape, training, null);
            Check(shape, training, s_path);
        }
    }

    [Fact]
    public void A_frozen_side_gets_no_gradient_and_an_unused_output_sends_none()
    {
        using var scope = NewDisposeScope();
        long[] shape = [3, 4, 5, 5];
        foreach (var used in new[] { 0, 1 })
        {
            var expected = Run(shape, true, s_path, ScalarType.Float64, Formula, used: used);
            var actual = Run(shape, true, s_path, ScalarType.Float32, Kernel, used: used);
            Accuracy.Same(expected[2], actual[2], 1e-5);
            Accuracy.Same(expected[3], actual[3], 1e-5);
        }

        var all = Run(shape, true, s_path, ScalarType.Float32, Kernel);
        foreach (var frozen in new[] { 0, 1 })
        {
            var some = Run(shape, true, s_path, ScalarType.Float32, Kernel, frozen: frozen);
            Assert.Equal(all[3 - frozen].Values(), some[3 - frozen].Values());
        }
    }

    [Fact]
    public void Gradients_of_gradients_are_those_of_the_formula()
    {
        using var scope = NewDisposeScope();
        var (expected, actual) = (Second(ScalarType.Float64, Formula), Second(ScalarType.Float32, Kernel));
        Accuracy.Same(expected, actual, 1e-3);

        static Tensor Second(ScalarType type, Function function)
        {
            var (x, body) = (Leaf(1, [3, 2, 7], type), Leaf(2, [3, 2, 7], type));
            var (sum, result) = function(x, body, BatchCase.Norm([3, 2, 7], type), s_path);
            var first = autograd.grad([(result * result * sum).sum()], [body], retain_graph: true, create_graph: true)[0];
            first.square().sum().backward();
            return x.grad!;
        }
    }

    [Fact]
    public void What_no_kernel_reads_gives_the_same_with_the_same_masks()
    {
        using var scope = NewDisposeScope();
        using var dropPath = new SourceNet.Layers.DropPath(0.5);
        using var dropout = nn.Dropout2d(0.4);
        foreach (var (shape, type) in new[] { (new long[] { 4, 3, 5, 6 }, ScalarType.Float32), ([4, 3, 5, 6], ScalarType.Float64), ([4, 3, 1, 1], ScalarType.Float32) })
        {
            var (x, body) = (Leaf(1, shape, type), Leaf(2, shape, type));
            var (one, other) = (BatchCase.Norm(shape, type), BatchCase.Norm(shape, type));
            manual_seed(4);
            var sum = Fused.AddDropPath(x, body, dropPath);
            var result = Fused.BatchNorm(sum, one, default(ReLU), dropout);
            manual_seed(4);
            var together = Fused.AddBatchNorm(x, body, other, default(ReLU), dropout, dropPath);
            Accuracy.Same(sum, together.Sum, 1e-6);
            Accuracy.Same(result, together.Result, 1e-5);
            Accuracy.Same(one.running_var!, other.running_var!, 1e-5);
            Assert.Equal(one.num_batches_tracked!.ToDouble(), other.num_batches_tracked!.ToDouble());
        }
    }

    [Fact]
    public void One_value_a_channel_is_refused() => Assert.Contains("no variance",
        Assert.Throws<ArgumentException>(() => Fused.AddBatchNorm(ones(1, 3, 1, 1), ones(1, 3, 1, 1), nn.BatchNorm2d(3), default(ReLU))).Message);

    private delegate (Tensor Sum, Tensor Result) Function(Tensor x, Tensor body, TorchSharp.Modules.BatchNorm norm, DropoutMask? path);

    private static void Check(long[] shape, bool training, DropoutMask? path)
    {
        using var scope = NewDisposeScope();
        var exact = Run(shape, training, path, ScalarType.Float64, Formula);
        var libtorchs = Run(shape, training, path, ScalarType.Float32, Formula);
        foreach (var width in VectorWidth.All)
        {
            using var vectors = new VectorWidth(width);
            var kernels = Run(shape, training, path, ScalarType.Float32, Kernel);
            for (var index = 0; index < exact.Length; index++)
            {
                Accuracy.Check(exact[index], libtorchs[index], kernels[index],
                    $"tensor {index} of [{string.Join(", ", shape)}], {(training ? "training" : "eval")}{(path is null ? "" : ", drop path")}, width {width}");
            }
        }
    }

    /// <summary>Sum, result, gradients of x, body, weight and bias, running mean and variance.</summary>
    private static Tensor[] Run(long[] shape, bool training, DropoutMask? path, ScalarType type, Function function, int? used = null, int? frozen = null)
    {
        var norm = BatchCase.Norm(shape, type);
        norm.train(training);
        var (x, body) = (Leaf(1, shape, type), Leaf(2, shape, type));
        var (sum, result) = function(frozen == 0 ? x.detach() : x, frozen == 1 ? body.detach() : body, norm, path);
        var losses = new[] { (sum * Samples.Normal(3, shape).to(type)).sum(), (result * Samples.Normal(4, shape).to(type)).sum() };
        (used is { } one ? losses[one] : losses[0] + losses[1]).backward();
        return
        [
            sum.detach(), result.detach(), x.grad ?? zeros(shape), body.grad ?? zeros(shape), norm.weight.grad ?? zeros(shape[1]), norm.bias!.grad ?? zeros(shape[1]),
            norm.running_mean!.clone(), norm.running_var!.clone(),
        ];
    }

    private static (Tensor Sum, Tensor Result) Kernel(Tensor x, Tensor body, TorchSharp.Modules.BatchNorm norm, DropoutMask? path)
    {
        var running = norm.training
            ? new RunningStatistics(Address(norm.running_mean!), Address(norm.running_var!), norm.momentum!.Value)
            : default;
        var operation = new BatchNormOperation<SiLU>(default, default, norm.eps, running, path);
        var outputs = operation.Apply(x, norm.weight, norm.bias, norm.training ? null : norm.running_mean, norm.training ? null : norm.running_var, body);
        return (outputs[0], outputs[1]);

        static unsafe nint Address(Tensor tensor) => (nint)SourceNet.Kernels.Native.NativeTensor.Floats(tensor.Handle);
    }

    private static (Tensor Sum, Tensor Result) Formula(Tensor x, Tensor body, TorchSharp.Modules.BatchNorm norm, DropoutMask? path)
    {
        var factors = path is { } mask ? MaskTensor.Of(mask, body.new_zeros([body.size(0), .. Enumerable.Repeat(1L, (int)body.ndim - 1)])) : body.new_ones(1);
        var sum = x + (body * factors);
        return (sum, nn.functional.silu(norm.forward(sum)));
    }

    private static Tensor Leaf(int seed, long[] shape, ScalarType type) => Samples.Normal(seed, shape).to(ScalarType.Float32).to(type).detach().requires_grad_();
}
