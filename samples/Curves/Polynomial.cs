using TorchSharp;
using static TorchSharp.torch;

namespace Curves;

/// <summary>Noisy points of a sine on [−1, 1], and polynomials through them in the basis of Legendre, whose members are nearly uncorrelated there.</summary>
internal static class Polynomial
{
    public const double Noise = 0.3;

    public static double Truth(double x) => Math.Sin(Math.PI * x);

    /// <summary>Points at random places.</summary>
    public static (double[] X, double[] Y) Points(int count, int seed)
    {
        var random = new Random(seed);
        double[] x = [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextDouble()) - 1).Order()];
        return (x, [.. x.Select(place => Truth(place) + (Noise * Normal(random)))]);
    }

    /// <summary>The members of the basis at some places, <c>[N, degree + 1]</c>, float64: P₀ = 1, P₁ = x, n Pₙ = (2n − 1) x Pₙ₋₁ − (n − 1) Pₙ₋₂.</summary>
    public static Tensor Basis(double[] x, int degree)
    {
        var values = new double[x.Length, degree + 1];
        for (var row = 0; row < x.Length; row++)
        {
            values[row, 0] = 1;
            if (degree > 0)
            {
                values[row, 1] = x[row];
            }

            for (var n = 2; n <= degree; n++)
            {
                values[row, n] = ((((2 * n) - 1) * x[row] * values[row, n - 1]) - ((n - 1) * values[row, n - 2])) / n;
            }
        }

        return tensor(values);
    }

    /// <summary>The weights that minimize <c>|Aw − y|²/N + λ |w|²</c>: <c>(AᵀA/N + λ I) w = Aᵀy/N</c>. With λ = 0 the shortest of the least squares.</summary>
    public static Tensor Ridge(Tensor basis, Tensor y, double lambda)
    {
        using var scope = NewDisposeScope();
        if (lambda == 0)
        {
            return linalg.pinv(basis).mv(y).MoveToOuterDisposeScope();
        }

        using var strength = lambda.ToScalar();
        using var count = ((double)y.size(0)).ToScalar();
        var covariance = basis.t().mm(basis).div(count) + eye(basis.size(1), dtype: ScalarType.Float64).mul(strength);
        return linalg.solve(covariance, basis.t().mv(y).div(count)).MoveToOuterDisposeScope();
    }

    public static double MeanSquare(Tensor basis, Tensor y, Tensor weights)
    {
        using var scope = NewDisposeScope();
        return (basis.mv(weights) - y).square().mean().item<double>();
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
