using System.ComponentModel;
using SourceNet.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices;

/// <summary>
/// A transform of a weight: learns each unit's weights as a length and a direction, <c>w = g · v / ‖v‖</c> with <c>v</c> the weight that is passed in
/// (Salimans and Kingma 2016, <see href="https://arxiv.org/abs/1602.07868"/>). A unit of zeros stays zero.
/// </summary>
/// <remarks>
/// Generated code makes it.
/// The state holds <c>magnitude</c>. What regularizes the weight in an optimizer or a penalty of this library acts on the weight that is used, whose lengths
/// the magnitudes are.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class WeightNorm : Layer, IWeightTransform
{
    private readonly int unitAxis;
    private readonly long groups;
    private readonly long[] otherAxes;

    /// <summary>Starts with the weight's own lengths, so that the transform changes nothing at first.</summary>
    /// <param name="weight">The weight as it starts, <c>[out, in...]</c> or with the units on another axis; at least two axes. It is read, not kept.</param>
    /// <param name="unitAxis">The axis that counts the units: 0, and 1 for transposed convolutions.</param>
    /// <param name="groups">The parts of axis 0 that have units of their own: the groups of a transposed convolution.</param>
    /// <exception cref="ArgumentException">Fewer than two axes, or groups of different size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The weight has no such axis, or there is no group.</exception>
    public WeightNorm(Parameter weight, int unitAxis = 0, long groups = 1) : base(nameof(WeightNorm))
    {
        CheckUnits(weight, unitAxis, nameof(WeightNorm));
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        if (weight.size(0) % groups != 0)
        {
            throw new ArgumentException($"WeightNorm takes a weight of {groups} equal groups, and this one is {Text(weight.shape)}.", nameof(weight));
        }

        this.groups = groups;
        this.unitAxis = unitAxis + Extra;
        otherAxes = [.. Enumerable.Range(Extra, (int)weight.ndim).Where(axis => axis != this.unitAxis).Select(axis => (long)axis)];
        using var _ = no_grad();
        using var parts = Parts(weight);
        magnitude = new Parameter(Norms(parts).DetachFromDisposeScope());
        WeightTransforms.Note(weight, this);
    }

    /// <summary>
    /// The length of each unit, <c>[out, 1, ...]</c>, with the units on their axis; of several groups <c>[groups, 1, out / groups, 1, ...]</c>.
    /// </summary>
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
        WeightTransforms.Note(weight, this);
        var lengths = magnitude;
        if (weight.ndim + Extra != lengths.ndim || weight.size(unitAxis - Extra) != lengths.size(unitAxis) || weight.size(0) % groups != 0)
        {
            throw new ArgumentException($"WeightNorm holds lengths of shape {Text(lengths.shape)}, and the weight is {Text(weight.shape)}.", nameof(weight));
        }

        if (groups == 1)
        {
            return Scaled(weight, lengths);
        }

        using var parts = Parts(weight);
        using var scaled = Scaled(parts, lengths);
        return scaled.view(weight.shape);
    }

    Tensor IWeightTransform.Length => magnitude;

    string? IWeightTransform.Refusal(WeightRegularization regularization) => null;

    void IWeightTransform.Scale(double factor)
    {
        using var _ = no_grad();
        using var scalar = factor.ToScalar();
        magnitude.mul_(scalar);
    }

    void IWeightTransform.Change(Parameter weight, Action<Tensor> change)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var before = forward(weight);
        var used = before.clone();
        change(used);
        var parts = Parts(used);
        var lengths = Norms(parts);
        var isChanged = parts.ne(Parts(before)).to(weight.dtype).sum(otherAxes, keepdim: true).gt(Scalars.Zero);
        // A unit of zeros has no direction, and keeps that which it had. The lengths of directions say nothing, and stay, for the sake of the optimizer's
        // moments.
        var direction = Parts(weight);
        var turned = parts.mul(Norms(direction).div(lengths.clamp_min(s_smallest)));
        direction.copy_(where(isChanged.logical_and(lengths.gt(Scalars.Zero)), turned, direction));
        magnitude.copy_(where(isChanged, lengths, magnitude));
    }

    private Tensor Scaled(Tensor weight, Tensor lengths)
    {
        using var norms = Norms(weight);
        using var positive = norms.clamp_min(s_smallest);
        using var ratio = lengths.div(positive);
        return weight.mul(ratio);
    }

    /// <summary>The weight with an axis for its groups, if it has several.</summary>
    private Tensor Parts(Tensor weight) => groups == 1 ? weight.alias() : weight.view([groups, weight.size(0) / groups, .. weight.shape[1..]]);

    /// <summary>The axis of the groups comes before the others.</summary>
    private int Extra => groups == 1 ? 0 : 1;

    // Only a unit of zeros is below it: 0 / 0 would be no number.
    private static readonly Scalar s_smallest = 1e-30.ToScalar();

    private Tensor Norms(Tensor weight) => L2Norm.Over(weight, otherAxes);
}
