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
    private readonly (double Mean, double Width)[] kernels;

    public NormalKernels(NumericRange range, IReadOnlyList<double> observed, int parameters)
    {
        this.range = range;
        var size = range.High - range.Low;
        var relative = Math.Max(0.2 * Math.Pow(Math.Max(observed.Count, 1), -1.0 / (parameters + 4)), 1.0 / Math.Min(100, observed.Count + 2));
        kernels = [.. observed.Select(mean => (mean, relative * size)), ((range.Low + range.High) / 2, size)];
    }

    public JsonElement Draw(int kernel, ref RandomStream random)
    {
        var (mean, width) = kernels[kernel];
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
        return [.. kernels.Select(kernel =>
        {
            double At(double edge) => (edge - kernel.Mean) / kernel.Width;
            var inside = NormalDistribution.Between(At(range.Low), At(range.High));
            var own = range.IsDiscrete
                ? Math.Log(NormalDistribution.Between(At(place - 0.5), At(place + 0.5)))
                : (-At(place) * At(place) / 2) - Math.Log(kernel.Width * Math.Sqrt(2 * Math.PI));
            return own - Math.Log(inside);
        })];
    }
}
