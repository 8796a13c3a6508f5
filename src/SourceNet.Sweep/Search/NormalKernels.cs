using System.Text.Json;
using SourceNet.Training;

namespace SourceNet.Sweep.Search;

/// <summary>
/// Normal distributions around values, cut off at the ends of the range: of the width 0.2 · n^(−1/(d + 4)) of the range for n values and d parameters, at least
/// 1/min(100, n + 2) of it (Optuna's multivariate estimator). The last kernel, which stands for what was believed before, lies in the middle and is as wide as
/// the range.
/// </summary>
internal sealed class NormalKernels : IKernels
{
    private readonly NumericRange range;
    private readonly Kernel[] kernels;

    public NormalKernels(NumericRange range, IReadOnlyList<double> observed, int parameters)
    {
        this.range = range;
        var size = range.High - range.Low;
        var relative = Math.Max(0.2 * Math.Pow(Math.Max(observed.Count, 1), -1.0 / (parameters + 4)), 1.0 / Math.Min(100, observed.Count + 2));
        kernels = [.. observed.Select(mean => Kernel.On(range, mean, relative * size)), Kernel.On(range, (range.Low + range.High) / 2, size)];
    }

    public JsonElement Draw(int kernel, ref RandomStream random)
    {
        var (mean, width, _) = kernels[kernel];
        double place;
        // At least a third of a kernel lies inside of the range, since its mean does.
        do
        {
            place = mean + (width * random.Normal());
        }
        while (!(place >= range.Low && place <= range.High));

        return range.Value(place);
    }

    public double[] LogDensities(JsonElement value)
    {
        var place = range.Place(value);
        return [.. kernels.Select(kernel => kernel.LogDensity(place, range.IsDiscrete))];
    }

    /// <summary>A normal distribution that is cut off.</summary>
    /// <param name="Mean">Its middle.</param>
    /// <param name="Width">Its standard deviation.</param>
    /// <param name="LogInside">The logarithm of how much of it lies inside of the range.</param>
    private sealed record Kernel(double Mean, double Width, double LogInside)
    {
        public static Kernel On(NumericRange range, double mean, double width) =>
            new(mean, width, Math.Log(NormalDistribution.Between((range.Low - mean) / width, (range.High - mean) / width)));

        /// <summary>The logarithm of the density at a place, or of the probability of all places within a half of it.</summary>
        public double LogDensity(double place, bool isDiscrete)
        {
            var own = isDiscrete
                ? Math.Log(NormalDistribution.Between(At(place - 0.5), At(place + 0.5)))
                : (-At(place) * At(place) / 2) - Math.Log(Width * Math.Sqrt(2 * Math.PI));
            return own - LogInside;
        }

        private double At(double edge) => (edge - Mean) / Width;
    }
}
