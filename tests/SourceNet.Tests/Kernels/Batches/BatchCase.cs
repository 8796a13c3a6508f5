using SourceNet.CompilerServices;
using SourceNet.CompilerServices.Activations;
using SourceNet.Tests.Kernels.Vectors;
using SourceNet.Tests.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Tests.Kernels.Batches;

/// <summary>A norm with weights and running statistics that are not those of a new one, and its input.</summary>
internal static class BatchCase
{
    internal static BatchNorm Norm(long[] shape, ScalarType type, bool affine = true, bool tracked = true, double? momentum = 0.1)
    {
        var channels = shape[1];
        BatchNorm norm = shape.Length switch
        {
            2 or 3 => nn.BatchNorm1d(channels, affine: affine, track_running_stats: tracked, dtype: type),
            4 => nn.BatchNorm2d(channels, affine: affine, track_running_stats: tracked, dtype: type),
            _ => nn.BatchNorm3d(channels, affine: affine, track_running_stats: tracked, dtype: type),
        };
        norm.momentum = momentum;
        // Every type starts from the same numbers: those that float32 can hold.
        if (affine)
        {
            norm.weight.Fill(Single(Samples.Normal(11, channels)));
            norm.bias!.Fill(Single(Samples.Normal(12, channels)));
        }

        if (tracked)
        {
            norm.running_mean!.Fill(Single(Samples.Normal(13, channels)));
            norm.running_var!.Fill(Single(Samples.Normal(14, channels).abs() + 0.1));
        }

        return norm;
    }

    internal static Tensor Input(long[] shape, ScalarType type, double offset = 0)
    {
        using var scope = NewDisposeScope();
        return (Samples.Normal(15, shape) + offset).to(ScalarType.Float32).to(type).detach().requires_grad_().MoveToOuterDisposeScope();
    }

    /// <summary>The output, the gradients of x, weight and bias under a fixed gradient of the output, and the running statistics, in this order.</summary>
    internal static List<Tensor> Run(BatchNorm norm, Tensor x, Func<Tensor, Tensor> function)
    {
        var output = function(x);
        output.backward([Samples.Normal(16, x.shape).to(ScalarType.Float32).to(x.dtype)]);
        List<Tensor> all = [output.detach(), x.grad!];
        if (norm.affine)
        {
            all.AddRange([norm.weight.grad!, norm.bias!.grad!]);
        }

        if (norm.track_running_stats)
        {
            // Copies: those of the norm go with it.
            all.AddRange([norm.running_mean!.clone(), norm.running_var!.clone(), norm.num_batches_tracked!.clone()]);
        }

        return all;
    }

    /// <summary>Compares the kernel with libtorch's operators in float32 and in float64.</summary>
    internal static void Compare<TActivation>(long[] shape, TActivation activation, bool training, bool affine = true, bool tracked = true, double offset = 0)
        where TActivation : unmanaged, IActivation
    {
        using var scope = NewDisposeScope();
        var exact = Composed(ScalarType.Float64);
        var torchs = Composed(ScalarType.Float32);
        foreach (var width in VectorWidth.All)
        {
            using var vectors = new VectorWidth(width);
            var norm = Of(ScalarType.Float32);
            var ours = Run(norm, Input(shape, ScalarType.Float32, offset), x => Fused.BatchNorm(x, norm, activation));
            for (var index = 0; index < exact.Count; index++)
            {
                var what = $"[{string.Join(", ", shape)}] {typeof(TActivation).Name}, {(training ? "training" : "eval")}, width {width}, tensor {index}";
                Accuracy.Check(exact[index], torchs[index], ours[index], what);
            }
        }

        List<Tensor> Composed(ScalarType type)
        {
            var norm = Of(type);
            return Run(norm, Input(shape, type, offset), x => activation.Compose(norm.forward(x)));
        }

        BatchNorm Of(ScalarType type)
        {
            var norm = Norm(shape, type, affine, tracked);
            norm.train(training);
            return norm;
        }
    }

    private static double[] Single(Tensor values)
    {
        using var single = values.to(ScalarType.Float32);
        return single.Values();
    }
}
