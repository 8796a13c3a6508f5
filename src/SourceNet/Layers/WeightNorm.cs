using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Layers;

/// <summary>
/// A transform of a weight: learns each unit's weights as a length and a direction, <c>w = g · v / ‖v‖</c> with <c>v</c> the weight that is passed in
/// (Salimans and Kingma 2016, <see href="https://arxiv.org/abs/1602.07868"/>). A unit of zeros stays zero.
/// </summary>
/// <remarks>The state holds <c>magnitude</c>.</remarks>
public sealed class WeightNorm : Layer
{
    private readonly int unitAxis;
    private readonly long[] otherAxes;

    /// <summary>Starts with the weight's own lengths, so that the transform changes nothing at first.</summary>
    /// <param name="weight">The weight as it starts, <c>[out, in...]</c> or with the units on another axis; at least two axes. It is read, not kept.</param>
    /// <param name="unitAxis">The axis that counts the units: 0, and 1 for transposed convolutions.</param>
    /// <exception cref="ArgumentException">Fewer than two axes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The weight has no such axis.</exception>
    public WeightNorm(Parameter weight, int unitAxis = 0) : base(nameof(WeightNorm))
    {
        CheckUnits(weight, unitAxis, nameof(WeightNorm));
        this.unitAxis = unitAxis;
        otherAxes = [.. Enumerable.Range(0, (int)weight.ndim).Where(axis => axis != unitAxis).Select(axis => (long)axis)];
        using var _ = no_grad();
        magnitude = new Parameter(Norms(weight).DetachFromDisposeScope());
    }

    /// <summary>The length of each unit, <c>[out, 1, ...]</c>, with the units on their axis.</summary>
    public Parameter magnitude
    {
        get => get_parameter(nameof(magnitude))!;
        private set => Replace(nameof(magnitude), value);
    }

    /// <param name="weight">The directions, with the shape of the weight given at construction.</param>
    /// <exception cref="ArgumentException">Another rank or another number of units.</exception>
    public override Tensor forward(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        var lengths = magnitude;
        if (weight.ndim != otherAxes.Length + 1 || weight.size(unitAxis) != lengths.size(unitAxis))
        {
            throw new ArgumentException($"WeightNorm holds lengths of shape {Text(lengths.shape)}, and the weight is {Text(weight.shape)}.", nameof(weight));
        }

        using var norms = Norms(weight);
        using var positive = norms.clamp_min(s_smallest);
        using var ratio = lengths.div(positive);
        return weight.mul(ratio);
    }

    // Only a unit of zeros is below it: 0 / 0 would be no number.
    private static readonly Scalar s_smallest = 1e-30;

    private Tensor Norms(Tensor weight) => linalg.vector_norm(weight, 2, otherAxes, keepdim: true);
}
