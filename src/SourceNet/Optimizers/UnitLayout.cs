using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>Where the units of a weight are: on an axis, and in each of the parts of axis 0.</summary>
internal readonly record struct UnitLayout
{
    /// <param name="axis">The axis that counts the units.</param>
    /// <param name="groups">The parts of axis 0 that have units of their own.</param>
    /// <exception cref="ArgumentOutOfRangeException">The axis is negative, or there is no group.</exception>
    public UnitLayout(int axis, long groups)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(axis);
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        Axis = axis;
        Groups = groups;
    }

    public int Axis { get; }

    public long Groups { get; }

    /// <summary>The weight as <c>[groups, units, ...]</c>, a view.</summary>
    /// <exception cref="ArgumentException">The weight has fewer than two axes, lacks the unit axis, or has groups of different size.</exception>
    public Tensor Of(Tensor weight, string constraint)
    {
        if (weight.ndim < 2 || Axis >= weight.ndim || weight.size(0) % Groups != 0)
        {
            var wanted = Groups == 1 ? $"the units on axis {Axis}" : $"the units on axis {Axis} of {Groups} groups";
            throw new ArgumentException($"{constraint} needs a weight of at least two axes with {wanted}, but the shape is "
                + $"[{string.Join(", ", weight.shape)}].");
        }

        return weight.view([Groups, weight.size(0) / Groups, .. weight.shape[1..]]).transpose(1, Axis + 1);
    }

    /// <summary>In float64, where the square of no float32 overflows or vanishes.</summary>
    public static Tensor Wide(Tensor units) => units.to(ScalarType.Float64);

    /// <summary>The L2 norm of each unit, <c>[groups, units, 1...]</c>.</summary>
    public static Tensor Norms(Tensor units) => L2Norm.Over(units, Enumerable.Range(2, (int)units.ndim - 2).Select(axis => (long)axis));
}
