using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Layers;

/// <summary>
/// The randomized leaky ReLU, <c>x</c> above 0 and <c>r · x</c> elsewhere; any shape (Xu et al. 2015, <see href="https://arxiv.org/abs/1505.00853"/>).
/// In train mode each element draws its slope r from U(lower, upper); in eval mode r is the mean, (lower + upper) / 2.
/// </summary>
/// <remarks>PyTorch's formula. TorchSharp's own module takes the mean in train mode too.</remarks>
public sealed class RReLU : Layer, IStochasticLayer
{
    /// <param name="lower">The smallest slope, finite.</param>
    /// <param name="upper">The largest slope, finite and at least <paramref name="lower"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Bounds that are infinite, no numbers, or in the wrong order.</exception>
    public RReLU(double lower = 1.0 / 8, double upper = 1.0 / 3) : base(nameof(RReLU))
    {
        Lower = double.IsFinite(lower) ? lower : throw new ArgumentOutOfRangeException(nameof(lower), lower, "The smallest slope must be finite.");
        Upper = double.IsFinite(upper) && upper >= lower
            ? upper
            : throw new ArgumentOutOfRangeException(nameof(upper), upper, "The largest slope must be finite and at least the smallest.");
    }

    /// <summary>The smallest slope.</summary>
    public double Lower { get; }

    /// <summary>The largest slope.</summary>
    public double Upper { get; }

    /// <param name="input">A floating-point tensor of any shape.</param>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!training)
        {
            using var slope = ((Lower + Upper) / 2).ToScalar();
            return input.leaky_relu(slope);
        }

        using var slopes = empty(input.shape, input.dtype, input.device).uniform_(Lower, Upper);
        using var isPositive = input.gt(Scalars.Zero);
        slopes.masked_fill_(isPositive, Scalars.One);
        return input.mul(slopes);
    }
}
