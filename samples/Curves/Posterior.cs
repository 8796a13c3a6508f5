using TorchSharp;
using static TorchSharp.torch;

namespace Curves;

/// <summary>Ridge as Bayes reads it: noise of variance σ², weights from a normal distribution of variance τ².</summary>
internal static class Posterior
{
    /// <summary>
    /// The mean of the weights given the points, which is also their most probable value: <c>(AᵀA/σ² + I/τ²)⁻¹ Aᵀy/σ²</c>, by the other formula <c>τ² Aᵀ (τ²
    /// A Aᵀ + σ² I)⁻¹ y</c> of Gaussian processes, so that it is no copy of ridge.
    /// </summary>
    public static Tensor Mean(Tensor basis, Tensor y, double noise, double prior)
    {
        using var scope = NewDisposeScope();
        using var priorVariance = (prior * prior).ToScalar();
        using var noiseVariance = (noise * noise).ToScalar();
        var covariance = basis.mm(basis.t()).mul(priorVariance) + eye(y.size(0), dtype: ScalarType.Float64).mul(noiseVariance);
        return basis.t().mv(linalg.solve(covariance, y)).mul(priorVariance).MoveToOuterDisposeScope();
    }
}
