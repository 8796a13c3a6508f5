using System.ComponentModel;
using SourceNet.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices;

/// <summary>
/// A transform of a weight, of any shape: in train mode sets each element to 0 with probability p and scales the others by 1/(1 − p), so that eval mode
/// uses the weight as it is (Wan et al. 2013; the scaling is that of dropout).
/// </summary>
/// <remarks>Generated code makes it.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class DropConnect : Layer, IStochasticLayer
{
    /// <param name="rate">The probability p, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate outside [0, 1).</exception>
    public DropConnect(double rate) : base(nameof(DropConnect)) => Rate = CheckedRate(rate);

    /// <summary>The probability that an element is dropped, in [0, 1).</summary>
    public double Rate { get; }

    /// <param name="weight">The weight, of any shape.</param>
    public override Tensor forward(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        return Rate == 0 || !training ? weight.alias() : nn.functional.dropout(weight, Rate, training: true);
    }
}
