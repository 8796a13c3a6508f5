using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.HandWritten;

/// <summary>What a TorchSharp user writes, because TorchSharp has none.</summary>
internal sealed class RootMeanSquareNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;

    internal RootMeanSquareNorm(long features) : base(nameof(RootMeanSquareNorm))
    {
        weight = nn.Parameter(ones(features));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var square = input.square();
        using var mean = square.mean([-1], keepdim: true);
        using var shifted = mean + 1e-5;
        using var inverse = shifted.rsqrt();
        using var normalized = input * inverse;
        return normalized * weight;
    }
}
