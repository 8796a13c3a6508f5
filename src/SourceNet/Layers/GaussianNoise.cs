using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Layers;

/// <summary>In train mode adds noise N(0, std²) to each element; any shape (Bishop 1995).</summary>
public sealed class GaussianNoise : Layer, IStochasticLayer
{
    /// <param name="standardDeviation">The standard deviation of the noise, finite and at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative or infinite value, or no number.</exception>
    public GaussianNoise(double standardDeviation) : base(nameof(GaussianNoise)) =>
        StandardDeviation = double.IsFinite(standardDeviation) && standardDeviation >= 0
            ? standardDeviation
            : throw new ArgumentOutOfRangeException(nameof(standardDeviation), standardDeviation, "The standard deviation must be finite and at least 0.");

    /// <summary>The standard deviation of the noise.</summary>
    public double StandardDeviation { get; }

    /// <param name="input">A floating-point tensor of any shape.</param>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (StandardDeviation == 0 || !training)
        {
            return input.alias();
        }

        using var noise = Noise(input, mean: 0, StandardDeviation);
        return input.add(noise, Scalars.One);
    }
}
