using SourceNet;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Curves;

/// <summary>
/// Lasso and elastic net by the same optimizer that trains networks: with all points in each step and no momentum, the proximal L1 of
/// <see cref="RegularizedSgd"/> is the algorithm ISTA, which finds the minimum of <c>|Aw − y|²/(2N) + l1 |w|₁ + l2/2 |w|²</c>.
/// </summary>
internal static class Penalized
{
    private const int Steps = 20_000;

    public static Tensor Fit(Tensor basis, Tensor y, double l1, double l2)
    {
        using var weights = new Parameter(zeros(basis.size(1), dtype: ScalarType.Float64));
        using var half = 0.5.ToScalar();
        // Below 1 over the largest curvature, so that every step goes down.
        using var rate = Largest(basis, y.size(0));
        using var optimizer = new RegularizedSgd([weights], 0.9 / (rate.item<double>() + l2), weightDecay: l2, l1: l1);
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            (basis.mv(weights) - y).square().mean().mul(half).backward();
            optimizer.step();
        }

        return weights.detach().clone();
    }

    private static Tensor Largest(Tensor basis, long count)
    {
        using var scope = NewDisposeScope();
        using var divisor = ((double)count).ToScalar();
        return linalg.eigvalsh(basis.t().mm(basis).div(divisor)).max().MoveToOuterDisposeScope();
    }
}
