using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Layers;

/// <summary>
/// In train mode multiplies each element by noise N(1, p/(1 − p)); any shape (Srivastava et al. 2014, section 10).
/// The noise has the mean and the variance of dropout with rate p.
/// </summary>
public sealed class GaussianDropout : Layer, IStochasticLayer
{
    /// <param name="rate">The rate p, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate outside [0, 1).</exception>
    public GaussianDropout(double rate) : base(nameof(GaussianDropout)) => Rate = CheckedRate(rate);

    /// <summary>The rate p, in [0, 1).</summary>
    public double Rate { get; }

    /// <param name="input">A floating-point tensor of any shape.</param>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (Rate == 0 || !training)
        {
            return input.alias();
        }

        using var noise = Noise(input, mean: 1, Math.Sqrt(Rate / (1 - Rate)));
        return input.mul(noise);
    }
}
