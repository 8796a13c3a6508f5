using System.ComponentModel;
using SourceNet.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices;

/// <summary>
/// Adds a learned number to each feature, <c>[..., features] → [..., features]</c>: the bias of a layer whose weight is tied to another one's.
/// </summary>
/// <remarks>Generated code makes it.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Bias : Layer
{
    private readonly long features;

    /// <param name="features">The size of the last axis, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1.</exception>
    public Bias(long features) : base(nameof(Bias))
    {
        this.features = CheckedSize(features);
        bias = new Parameter(zeros(features).DetachFromDisposeScope());
    }

    /// <summary>What is added, <c>[features]</c>; it starts as 0.</summary>
    public Parameter bias
    {
        get => get_parameter(nameof(bias))!;
        private set => Replace(nameof(bias), value);
    }

    /// <param name="input"><c>[..., features]</c>.</param>
    /// <exception cref="ArgumentException">Another number of features.</exception>
    public override Tensor forward(Tensor input)
    {
        CheckLastAxis(input, features, nameof(Bias));
        return input.add(bias, Scalars.One);
    }
}
