using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Gallery.Twins;

/// <summary>x / √(mean(x²) + eps) · weight over the last axes.</summary>
internal sealed class RootMeanSquareNorm : nn.Module<Tensor, Tensor>
{
    private readonly long[] axes;
    private readonly double eps;
    private readonly Parameter? weight;

    public RootMeanSquareNorm(long[] shape, double eps = 1e-5, bool affine = true) : base(nameof(RootMeanSquareNorm))
    {
        axes = [.. Enumerable.Range(1, shape.Length).Select(axis => (long)-axis)];
        this.eps = eps;
        weight = affine ? new Parameter(ones(shape)) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var normalized = input / (input * input).mean(axes, keepdim: true).add(eps).sqrt();
        return weight is null ? normalized : normalized * weight;
    }
}
