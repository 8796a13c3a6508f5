using System.ComponentModel;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices;

/// <summary>
/// Gives the weights of a layer, those of at least two axes, the numbers that training starts from, and its biases 0. Numbers are drawn by TorchSharp's
/// generator, <c>manual_seed</c> repeats them.
/// </summary>
/// <remarks>Generated code calls it when it registers the layer, before weight norm and its like take the weight over.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Initialize
{
    /// <summary>0.</summary>
    /// <param name="layer">The layer.</param>
    public static void Zeros(nn.Module layer) => Weights(layer, 0, null, -1, static (weight, _) => weight.zero_());

    /// <summary>A number.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="value">The number, finite.</param>
    /// <param name="last">That of the last weight; null for <paramref name="value"/>.</param>
    /// <param name="paddingIndex">The row of a table that stays 0; −1 for none.</param>
    public static void Constant(nn.Module layer, double value, double? last = null, long paddingIndex = -1) =>
        Weights(layer, value, last, paddingIndex, static (weight, value) =>
        {
            using var number = value.ToScalar();
            weight.fill_(number);
        });

    /// <summary>Normal around 0.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="standardDeviation">The standard deviation, above 0.</param>
    /// <param name="last">That of the last weight; null for <paramref name="standardDeviation"/>.</param>
    /// <param name="paddingIndex">The row of a table that stays 0; −1 for none.</param>
    public static void Normal(nn.Module layer, double standardDeviation, double? last = null, long paddingIndex = -1) =>
        Weights(layer, standardDeviation, last, paddingIndex, static (weight, deviation) => weight.normal_(0, deviation));

    /// <summary>Normal around 0, cut off at two standard deviations.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="standardDeviation">The standard deviation before the cut, above 0.</param>
    /// <param name="last">That of the last weight; null for <paramref name="standardDeviation"/>.</param>
    /// <param name="paddingIndex">The row of a table that stays 0; −1 for none.</param>
    public static void TruncatedNormal(nn.Module layer, double standardDeviation, double? last = null, long paddingIndex = -1) =>
        Weights(layer, standardDeviation, last, paddingIndex, static (weight, deviation) =>
        {
            // The inverse of the distribution function of a uniform number; the ends are those of two standard deviations.
            const double end = 0.954499736103642;
            using var scale = (Math.Sqrt(2) * deviation).ToScalar();
            using var lowest = (-2 * deviation).ToScalar();
            using var highest = (2 * deviation).ToScalar();
            weight.uniform_(-end, end).erfinv_().mul_(scale).clamp_(lowest, highest);
        });

    /// <summary>Uniform around 0.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="bound">The largest distance from 0, above 0.</param>
    /// <param name="last">That of the last weight; null for <paramref name="bound"/>.</param>
    /// <param name="paddingIndex">The row of a table that stays 0; −1 for none.</param>
    public static void Uniform(nn.Module layer, double bound, double? last = null, long paddingIndex = -1) =>
        Weights(layer, bound, last, paddingIndex, static (weight, bound) => weight.uniform_(-bound, bound));

    /// <summary>Uniform of the variance <c>2 gain² / (fan in + fan out)</c> (Glorot and Bengio 2010).</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="gain">The gain, above 0.</param>
    /// <param name="last">That of the last weight; null for <paramref name="gain"/>.</param>
    /// <param name="paddingIndex">The row of a table that stays 0; −1 for none.</param>
    public static void XavierUniform(nn.Module layer, double gain = 1, double? last = null, long paddingIndex = -1) =>
        Weights(layer, gain, last, paddingIndex, static (weight, gain) => Spread(weight, XavierDeviation(weight, gain), isNormal: false));

    /// <summary>Normal of the variance <c>2 gain² / (fan in + fan out)</c> (Glorot and Bengio 2010).</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="gain">The gain, above 0.</param>
    /// <param name="last">That of the last weight; null for <paramref name="gain"/>.</param>
    /// <param name="paddingIndex">The row of a table that stays 0; −1 for none.</param>
    public static void XavierNormal(nn.Module layer, double gain = 1, double? last = null, long paddingIndex = -1) =>
        Weights(layer, gain, last, paddingIndex, static (weight, gain) => Spread(weight, XavierDeviation(weight, gain), isNormal: true));

    /// <summary>Uniform of the variance <c>gain² / fan</c> (He et al. 2015).</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="gain">The gain, above 0.</param>
    /// <param name="last">That of the last weight; null for <paramref name="gain"/>.</param>
    /// <param name="paddingIndex">The row of a table that stays 0; −1 for none.</param>
    /// <param name="fanOut">Whether the connections that go out count; else those that come in.</param>
    public static void KaimingUniform(nn.Module layer, double gain = RootOf2, double? last = null, long paddingIndex = -1, bool fanOut = false) =>
        Weights(layer, gain, last, paddingIndex, (weight, gain) => Spread(weight, gain / Math.Sqrt(Fan(weight, fanOut)), isNormal: false));

    /// <summary>Normal of the variance <c>gain² / fan</c> (He et al. 2015).</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="gain">The gain, above 0.</param>
    /// <param name="last">That of the last weight; null for <paramref name="gain"/>.</param>
    /// <param name="paddingIndex">The row of a table that stays 0; −1 for none.</param>
    /// <param name="fanOut">Whether the connections that go out count; else those that come in.</param>
    public static void KaimingNormal(nn.Module layer, double gain = RootOf2, double? last = null, long paddingIndex = -1, bool fanOut = false) =>
        Weights(layer, gain, last, paddingIndex, (weight, gain) => Spread(weight, gain / Math.Sqrt(Fan(weight, fanOut)), isNormal: true));

    /// <summary>Orthonormal rows, or columns if there are more rows, of the weight as a matrix <c>[out, in · window]</c> (Saxe et al. 2014).</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="gain">The gain, above 0.</param>
    /// <param name="last">That of the last weight; null for <paramref name="gain"/>.</param>
    /// <param name="paddingIndex">The row of a table that stays 0; −1 for none.</param>
    public static void Orthogonal(nn.Module layer, double gain = 1, double? last = null, long paddingIndex = -1) =>
        Weights(layer, gain, last, paddingIndex, static (weight, gain) =>
        {
            var (rows, columns) = (weight.size(0), weight.numel() / weight.size(0));
            var noise = empty(Math.Max(rows, columns), Math.Min(rows, columns), dtype: ScalarType.Float64).normal_(0, 1);
            var (basis, triangle) = linalg.qr(noise);
            // Without the signs the directions would not be uniform (Mezzadri 2007).
            var oriented = basis.mul(triangle.diagonal().sign());
            using var scale = gain.ToScalar();
            weight.copy_((rows < columns ? oriented.transpose(0, 1) : oriented).mul(scale).reshape(weight.shape));
        });

    private const double RootOf2 = 1.4142135623730951;

    private static void Weights(nn.Module layer, double scale, double? last, long paddingIndex, Action<Tensor, double> start)
    {
        ArgumentNullException.ThrowIfNull(layer);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var parameters = Layers.Layer.WithReleased(layer).SelectMany(module => module.parameters()).ToList();
        var lastWeight = parameters.FindLastIndex(IsWeight);
        for (var i = 0; i < parameters.Count; i++)
        {
            if (!IsWeight(parameters[i]))
            {
                parameters[i].zero_();
                continue;
            }

            start(parameters[i], i == lastWeight ? last ?? scale : scale);
            if (paddingIndex >= 0)
            {
                parameters[i].select(0, paddingIndex).zero_();
            }
        }

        static bool IsWeight(Parameter parameter) => parameter.ndim > 1;
    }

    private static void Spread(Tensor weight, double deviation, bool isNormal)
    {
        var bound = Math.Sqrt(3) * deviation;
        _ = isNormal ? weight.normal_(0, deviation) : weight.uniform_(-bound, bound);
    }

    private static double XavierDeviation(Tensor weight, double gain) => gain * Math.Sqrt(2.0 / (Fan(weight, isOut: false) + Fan(weight, isOut: true)));

    /// <summary>As PyTorch counts: the window times the second axis for what comes in, times the first for what goes out.</summary>
    private static long Fan(Tensor weight, bool isOut) => weight.numel() / weight.size(isOut ? 1 : 0);
}
