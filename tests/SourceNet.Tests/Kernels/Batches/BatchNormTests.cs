using SourceNet.CompilerServices;
using SourceNet.CompilerServices.Activations;
using SourceNet.Tests.Kernels.Vectors;
using SourceNet.Tests.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Kernels.Batches;

public class BatchNormTests
{
    /// <summary>Columns, planes of every length around the widths of vectors, channels that are whole and channels that are cut.</summary>
    public static TheoryData<long[]> Shapes =>
    [
        [2, 1], [7, 3], [300, 5], [13, 16], [13, 17], [5, 31], [5, 64], [9, 127], [3, 1030], [700, 33],
        [3, 2, 1], [2, 1, 2], [3, 2, 3], [3, 5, 7], [3, 2, 8], [5, 3, 9], [2, 3, 15], [2, 3, 16], [2, 3, 17], [2, 2, 31],
        [2, 2, 33], [2, 2, 63], [2, 2, 64], [2, 2, 65], [2, 2, 127],
        [4, 6, 5, 7], [2, 3, 14, 14], [70, 9, 8, 8], [3, 2, 91, 97], [2, 1, 301, 303], [1, 3, 7, 5],
        [2, 3, 3, 4, 5],
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Outputs_gradients_and_running_statistics_match_float64(long[] shape)
    {
        BatchCase.Compare(shape, default(ReLU), training: true);
        BatchCase.Compare(shape, default(SiLU), training: false);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void With_and_without_weights_and_running_statistics(bool affine, bool tracked)
    {
        foreach (long[] shape in new long[][] { [40, 5], [3, 4, 19], [3, 4, 5, 5] })
        {
            BatchCase.Compare(shape, default(GELU), training: true, affine, tracked);
            BatchCase.Compare(shape, default(Identity), training: false, affine, tracked);
        }
    }

    [Theory]
    [InlineData(1e3)]
    [InlineData(-1e3)]
    [InlineData(1e5)]
    public void A_large_mean_costs_no_precision(double offset)
    {
        BatchCase.Compare([300, 5], default(Identity), training: true, offset: offset);
        BatchCase.Compare([20, 9, 14, 14], default(Identity), training: true, offset: offset);
        BatchCase.Compare([4, 2, 191, 190], default(Identity), training: true, offset: offset);
    }

    [Theory]
    [InlineData(1e-3f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Constant_channels_and_special_values_come_out_as_from_libtorch(float special)
    {
        using var scope = NewDisposeScope();
        foreach (long[] shape in new long[][] { [6, 3], [3, 3, 17], [3, 3, 5] })
        {
            foreach (var (whole, training) in new[] { (false, false), (false, true), (true, false), (true, true) })
            {
                foreach (var width in VectorWidth.All)
                {
                    using var vectors = new VectorWidth(width);
                    var x = BatchCase.Input(shape, ScalarType.Float32).detach();
                    var channel = x.select(1, 1);
                    (whole ? channel : channel.select(0, 1)).fill_(special);
                    using var norm = BatchCase.Norm(shape, ScalarType.Float32);
                    using var ours = BatchCase.Norm(shape, ScalarType.Float32);
                    norm.train(training);
                    ours.train(training);
                    Accuracy.Same(norm.forward(x).relu(), Fused.BatchNorm(x, ours, default(ReLU)), 1e-5);
                }
            }
        }
    }

    public static TheoryData<string> Dropouts => ["elements", "1d", "2d", "3d", "columns"];

    private static (long[] Shape, nn.Module<Tensor, Tensor> Dropout) OfDropout(string name, double rate) => name switch
    {
        "elements" => ([6, 5, 4, 5], nn.Dropout(rate)),
        "columns" => ([31, 37], nn.Dropout(rate)),
        "1d" => ([6, 5, 7], nn.Dropout1d(rate)),
        "2d" => ([6, 5, 3, 7], nn.Dropout2d(rate)),
        _ => ([6, 5, 2, 2, 5], nn.Dropout3d(rate)),
    };

    [Theory]
    [MemberData(nameof(Dropouts))]
    public void Dropout_masks_values_and_gradients_alike(string name) => Array.ForEach(VectorWidth.All, width => MasksAlike(name, width));

    private static void MasksAlike(string name, int width)
    {
        using var vectors = new VectorWidth(width);
        using var scope = NewDisposeScope();
        var (shape, dropout) = OfDropout(name, 0.4);
        var norm = BatchCase.Norm(shape, ScalarType.Float32);
        norm.eval();
        var x = BatchCase.Input(shape, ScalarType.Float32);
        manual_seed(5);
        var output = Fused.BatchNorm(x, norm, default(Identity), dropout);
        output.sum().backward();
        var plain = norm.forward(x.detach());
        var mask = (output.detach() / plain).Values();
        // The quotient of two numbers near 0 says nothing about the factor.
        var sizes = plain.Values();
        Assert.All(mask.Where((_, i) => Math.Abs(sizes[i]) > 0.01), factor => Assert.True(factor == 0 || Math.Abs(factor - (1 / 0.6)) < 1e-4));
        Assert.Contains(mask, factor => factor == 0);
        Assert.Contains(mask, factor => factor > 0);
        var slope = (norm.weight / (norm.running_var! + 1e-5).sqrt()).reshape([1, shape[1], .. Enumerable.Repeat(1L, shape.Length - 2)]);
        Accuracy.Same(output.detach() / plain * slope, x.grad!, 1e-4);
        if (name is "1d" or "2d" or "3d")
        {
            var size = mask.Length / (shape[0] * shape[1]);
            Assert.All(mask.Chunk((int)size), plane => Assert.True(plane.Max() - plane.Min() < 1e-4));
        }

        manual_seed(5);
        Assert.Equal(output.Values(), Fused.BatchNorm(x, norm, default(Identity), dropout).Values());
        Assert.NotEqual(output.Values(), Fused.BatchNorm(x, norm, default(Identity), dropout).Values());
        dropout.eval();
        Accuracy.Same(plain, Fused.BatchNorm(x, norm, default(Identity), dropout), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Dropouts))]
    public void Gradients_have_gradients_through_the_same_mask(string name)
    {
        using var scope = NewDisposeScope();
        var (shape, dropout) = OfDropout(name, 0.4);
        Tensor[] seconds = [.. new[] { false, true }.Select(composed =>
        {
            using var norm = BatchCase.Norm(shape, ScalarType.Float32);
            var x = BatchCase.Input(shape, ScalarType.Float32);
            manual_seed(5);
            var output = Fused.BatchNorm(x, norm, default(SiLU), dropout);
            Tensor first;
            if (composed)
            {
                // The kernel's own mask, on composed operators.
                using var plain = BatchCase.Norm(shape, ScalarType.Float32);
                var kept = output.detach().not_equal(0).to(ScalarType.Float32) / 0.6;
                output = nn.functional.silu(plain.forward(x)) * kept;
                first = autograd.grad([output.pow(3).sum()], [x], create_graph: true, retain_graph: true)[0];
            }
            else
            {
                first = autograd.grad([output.pow(3).sum()], [x], create_graph: true, retain_graph: true)[0];
            }

            first.pow(2).sum().backward();
            return x.grad!;
        })];
        var scale = seconds[1].abs().max().item<float>();
        Accuracy.Same(seconds[1] / scale, seconds[0] / scale, 1e-4);
    }

    [Fact]
    public void Gradients_match_finite_differences()
    {
        using var scope = NewDisposeScope();
        foreach (long[] shape in new long[][] { [5, 3], [2, 3, 5] })
        {
            var norm = BatchCase.Norm(shape, ScalarType.Float32);
            var x = BatchCase.Input(shape, ScalarType.Float32);
            var direction = Samples.Normal(3, shape).to(ScalarType.Float32);
            (Fused.BatchNorm(x, norm, default(SiLU)) * direction).sum().backward();
            foreach (var leaf in new Tensor[] { x, norm.weight, norm.bias! })
            {
                var gradient = leaf.grad!.Values();
                var start = leaf.Values();
                for (var index = 0; index < start.Length; index++)
                {
                    var slope = (At(index, 1e-2) - At(index, -1e-2)) / 2e-2;
                    Assert.Equal(slope, gradient[index], 2e-3 * (1 + Math.Abs(slope)));
                }

                leaf.Fill(start);

                double At(int index, double step)
                {
                    var moved = (double[])start.Clone();
                    moved[index] += step;
                    leaf.Fill(moved);
                    using var noGradient = no_grad();
                    return (Fused.BatchNorm(x, norm, default(SiLU)).to(ScalarType.Float64) * direction).sum().item<double>();
                }
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Frozen_weights_get_no_gradient(bool training)
    {
        using var scope = NewDisposeScope();
        var norm = BatchCase.Norm([4, 3, 9], ScalarType.Float32);
        norm.train(training);
        norm.weight.requires_grad = false;
        norm.bias!.requires_grad = false;
        var x = BatchCase.Input([4, 3, 9], ScalarType.Float32);
        Fused.BatchNorm(x, norm, default(ReLU)).sum().backward();
        Assert.Null(norm.weight.grad);
        Assert.Null(norm.bias!.grad);
        Assert.NotNull(x.grad);

        norm.weight.requires_grad = true;
        using var constant = x.detach();
        Fused.BatchNorm(constant, norm, default(ReLU)).sum().backward();
        Assert.NotNull(norm.weight.grad);
        norm.weight.requires_grad = false;
        Assert.False(Fused.BatchNorm(constant, norm, default(ReLU)).requires_grad);
    }

    [Fact]
    public void Without_a_momentum_the_running_statistics_are_averages()
    {
        using var scope = NewDisposeScope();
        using var expected = BatchCase.Norm([8, 3], ScalarType.Float32, momentum: null);
        using var actual = BatchCase.Norm([8, 3], ScalarType.Float32, momentum: null);
        for (var seed = 0; seed < 3; seed++)
        {
            var x = Samples.Normal(seed, 8, 3).to(ScalarType.Float32);
            expected.forward(x);
            Fused.BatchNorm(x, actual, default(ReLU));
        }

        Samples.Close(expected.running_mean!.Values(), actual.running_mean!, 1e-6);
        Samples.Close(expected.running_var!.Values(), actual.running_var!, 1e-6);
    }

    [Theory]
    [InlineData(ScalarType.Float64, false)]
    [InlineData(ScalarType.Float32, true)]
    public void Other_types_and_layouts_are_composed(ScalarType type, bool turned)
    {
        using var scope = NewDisposeScope();
        var expected = BatchCase.Norm([4, 3, 5, 6], type);
        var actual = BatchCase.Norm([4, 3, 5, 6], type);
        var x = BatchCase.Input(turned ? [4, 5, 6, 3] : [4, 3, 5, 6], type).detach();
        x = turned ? x.permute(0, 3, 1, 2) : x;
        Accuracy.Same(expected.forward(x).relu(), Fused.BatchNorm(x, actual, default(ReLU)), 1e-6);
        Samples.Close(expected.running_var!.Values(), actual.running_var!, 1e-6);
    }

    [Fact]
    public void One_value_a_channel_has_no_variance_and_is_refused_in_train_mode()
    {
        using var scope = NewDisposeScope();
        foreach (long[] shape in new long[][] { [1, 3], [1, 3, 1], [1, 3, 1, 1], [1, 3, 1, 1, 1] })
        {
            foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
            {
                using var norm = BatchCase.Norm(shape, type);
                double[] before = [.. norm.running_mean!.Values(), .. norm.running_var!.Values(), norm.num_batches_tracked!.ToDouble()];

                var error = Assert.Throws<ArgumentException>(() => Fused.BatchNorm(ones(shape, type), norm, default(ReLU)));

                Assert.Contains($"the input [{string.Join(", ", shape)}] has one", error.Message);
                double[] after = [.. norm.running_mean!.Values(), .. norm.running_var!.Values(), norm.num_batches_tracked!.ToDouble()];
                Assert.Equal(before, after);
                norm.eval();
                Assert.Equal(shape, Fused.BatchNorm(ones(shape, type), norm, default(ReLU)).shape);
            }
        }
    }

    [Fact]
    public void One_value_a_channel_is_refused_before_a_folded_norm_and_without_running_statistics_in_eval_mode_too()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(2, 3);
        using var norm = BatchCase.Norm([4, 3], ScalarType.Float32);
        Assert.Throws<ArgumentException>(() => Fused.FoldedBatchNorm(ones(1, 2), linear, norm, new(), default(ReLU)));
        using var untracked = nn.BatchNorm1d(3, track_running_stats: false);
        untracked.eval();
        Assert.Throws<ArgumentException>(() => Fused.BatchNorm(ones(1, 3), untracked, default(ReLU)));
    }

    [Fact]
    public void An_empty_batch_is_what_it_is_for_libtorch()
    {
        using var scope = NewDisposeScope();
        using var norm = BatchCase.Norm([4, 3], ScalarType.Float32);
        Assert.ThrowsAny<Exception>(() => Fused.BatchNorm(rand(4, 2), norm, default(ReLU)));
        Assert.ThrowsAny<Exception>(() => Fused.BatchNorm(rand(4, 3, 2, 2), norm, default(ReLU)));
        norm.eval();
        Assert.Equal([1, 3], Fused.BatchNorm(rand(1, 3), norm, default(ReLU)).shape);
        Assert.Equal([0, 3], Fused.BatchNorm(rand(0, 3), norm, default(ReLU)).shape);
    }

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads()
    {
        using var scope = NewDisposeScope();
        foreach (long[] shape in new long[][] { [70, 70], [8, 16, 9, 9], [3, 2, 200, 201] })
        {
            double[][] results = [.. new[] { 1, 2, 5 }.Select(threads =>
            {
                using var count = new ThreadCount(threads);
                manual_seed(1);
                var norm = BatchCase.Norm(shape, ScalarType.Float32);
                var input = BatchCase.Input(shape, ScalarType.Float32);
                return BatchCase.Run(norm, input, x => Fused.BatchNorm(x, norm, default(SiLU), nn.Dropout(0.3))).SelectMany(one => one.Values()).ToArray();
            })];
            Assert.Equal(results[0], results[1]);
            Assert.Equal(results[0], results[2]);
        }
    }

    [Fact]
    public void Expanded_gradients_are_read_as_what_they_are()
    {
        using var scope = NewDisposeScope();
        var norm = BatchCase.Norm([3, 4, 5], ScalarType.Float32);
        var x = BatchCase.Input([3, 4, 5], ScalarType.Float32);
        var other = BatchCase.Input([3, 4, 5], ScalarType.Float32);
        var direction = Samples.Normal(3, 3, 1, 1).to(ScalarType.Float32);
        Fused.BatchNorm(x, norm, default(ReLU)).backward([direction.expand(3, 4, 5)]);
        norm.forward(other).relu().backward([direction.expand(3, 4, 5).contiguous()]);
        Accuracy.Same(other.grad!, x.grad!, 1e-5);
    }

    [Fact]
    public void Memory_stays_flat_over_many_iterations()
    {
        using var norm = BatchCase.Norm([64, 32], ScalarType.Float32);
        using var dropout = nn.Dropout(0.1);
        using var x = BatchCase.Input([64, 32], ScalarType.Float32);
        LiveTensors.StayFlat(
            () =>
            {
                using var scope = NewDisposeScope();
                x.grad = null;
                norm.weight.grad = null;
                norm.bias!.grad = null;
                Fused.BatchNorm(x, norm, default(ReLU), dropout).sum().backward();
            },
            10_000);
    }

    [Fact]
    public void Callers_on_several_threads_do_not_disturb_each_other()
    {
        using var scope = NewDisposeScope();
        double[] Once()
        {
            using var inner = NewDisposeScope();
            using var norm = BatchCase.Norm([40, 9, 7], ScalarType.Float32);
            var input = BatchCase.Input([40, 9, 7], ScalarType.Float32);
            return [.. BatchCase.Run(norm, input, x => Fused.BatchNorm(x, norm, default(SiLU))).SelectMany(one => one.Values())];
        }

        var expected = Once();
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ => Assert.Equal(expected, Once()));
    }

    [Fact]
    public void Survives_a_garbage_collector_that_never_rests()
    {
        using var collector = new BusyCollector();
        // Nobody disposes anything, and nobody holds the norm after the call.
        for (var iteration = 0; iteration < 200; iteration++)
        {
            var norm = nn.BatchNorm1d(33);
            var x = rand(17, 33).requires_grad_();
            var output = Fused.BatchNorm(x, norm, default(SiLU), nn.Dropout(0.2));
            using var loss = Objectives.CrossEntropy(output, zeros(17, ScalarType.Int64), 0.1);
            loss.backward();
            Assert.All(x.grad!.Values(), value => Assert.True(double.IsFinite(value)));
            GC.KeepAlive(x);
        }
    }
}
