using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Layers;

/// <summary>
/// Stochastic depth: in train mode sets whole samples to 0 with probability p and scales the others by 1/(1 − p), <c>[N, ...] → [N, ...]</c>.
/// Put at the end of a residual body it skips the body (Huang et al. 2016, <see href="https://arxiv.org/abs/1603.09382"/>).
/// </summary>
public sealed class DropPath : Layer, IStochasticLayer
{
    /// <param name="rate">The probability p, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate outside [0, 1).</exception>
    public DropPath(double rate) : base(nameof(DropPath)) => Rate = CheckedRate(rate);

    /// <summary>The probability that a sample is dropped, in [0, 1).</summary>
    public double Rate { get; }

    /// <param name="input">A batch, <c>[N, ...]</c>.</param>
    /// <exception cref="ArgumentException">A scalar: there is no batch axis.</exception>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.ndim == 0)
        {
            throw new ArgumentException("DropPath takes a batch [N, ...], and the input is a scalar.", nameof(input));
        }

        if (Rate == 0 || !training)
        {
            return input.alias();
        }

        var shape = new long[input.ndim];
        Array.Fill(shape, 1);
        shape[0] = input.size(0);
        using var mask = KeepMask(shape, Rate, input);
        return input.mul(mask);
    }
}
