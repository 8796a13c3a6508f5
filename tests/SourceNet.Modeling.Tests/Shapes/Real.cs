using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace SourceNet.Modeling.Tests.Shapes;

/// <summary>Runs operators of TorchSharp on zeros for the shapes that they yield, the batch taken off.</summary>
internal static class Real
{
    // The tensors are tiny: threads would only wait for each other.
    static Real() => set_num_threads(1);

    /// <summary>The shape of what the operator makes of a batch of one; null if it refuses.</summary>
    public static long[]? Shape(long[] input, Func<Tensor, Tensor> run, ScalarType type = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        try
        {
            return run(zeros([2, .. input], type)).shape[1..];
        }
        catch (Exception exception) when (exception is ExternalException or ArgumentException)
        {
            return null;
        }
    }

    public static Tensor Convolve(Tensor x, Window w)
    {
        var channels = x.size(1);
        if (w.Transposed && w.Kernel.Where((size, axis) => Transposed(x.size(axis + 2), w, axis) < 1).Any())
        {
            // Not asked: oneDNN ends the process.
            throw new ArgumentException("nothing is left");
        }

        var weight = w.Transposed ? zeros([channels, w.Channels / w.Groups, .. w.Kernel]) : zeros([w.Channels, channels / w.Groups, .. w.Kernel]);
        return (w.Kernel.Length, w.Transposed) switch
        {
            (1, false) => F.conv1d(x, weight, null, w.Stride[0], w.Padding[0], w.Dilation[0], w.Groups),
            (2, false) => F.conv2d(x, weight, null, w.Stride, w.Padding, w.Dilation, w.Groups),
            (3, false) => F.conv3d(x, weight, null, w.Stride, w.Padding, w.Dilation, w.Groups),
            (1, true) => F.conv_transpose1d(x, weight, null, w.Stride[0], w.Padding[0], w.OutputPadding[0], groups: w.Groups, dilation: w.Dilation[0]),
            (2, true) => F.conv_transpose2d(x, weight, null, w.Stride, w.Padding, w.OutputPadding, groups: w.Groups, dilation: w.Dilation),
            _ => F.conv_transpose3d(x, weight, null, w.Stride, w.Padding, w.OutputPadding, groups: w.Groups, dilation: w.Dilation),
        };
    }

    private static long Transposed(long n, Window w, int axis) =>
        ((n - 1) * w.Stride[axis]) - (2 * w.Padding[axis]) + (w.Dilation[axis] * (w.Kernel[axis] - 1)) + w.OutputPadding[axis] + 1;

    public static Tensor Pool(Tensor x, Window w, bool average, bool ceiling) => (w.Kernel.Length, average) switch
    {
        (1, false) => F.max_pool1d(x, w.Kernel[0], w.Stride[0], w.Padding[0], w.Dilation[0], ceiling),
        (2, false) =>
            F.max_pool2d(x, (w.Kernel[0], w.Kernel[1]), (w.Stride[0], w.Stride[1]), (w.Padding[0], w.Padding[1]), (w.Dilation[0], w.Dilation[1]), ceiling),
        (3, false) => F.max_pool3d(x, w.Kernel, w.Stride, w.Padding, w.Dilation, ceiling),
        (1, true) => F.avg_pool1d(x, w.Kernel[0], w.Stride[0], w.Padding[0], ceiling),
        (2, true) => F.avg_pool2d(x, (w.Kernel[0], w.Kernel[1]), (w.Stride[0], w.Stride[1]), (w.Padding[0], w.Padding[1]), ceiling),
        _ => F.avg_pool3d(x, w.Kernel, w.Stride, w.Padding, ceiling),
    };
}

/// <summary>The settings of a convolution or a pool.</summary>
internal sealed record Window(long[] Kernel, long[] Stride, long[] Padding, long[] Dilation)
{
    public long[] OutputPadding { get; init; } = new long[Kernel.Length];

    public long Channels { get; init; } = 1;

    public long Groups { get; init; } = 1;

    public bool Transposed { get; init; }
}
