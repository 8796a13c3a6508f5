using SourceNet.CompilerServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>Terms that are added to an objective.</summary>
public static class Penalties
{
    /// <summary>
    /// <c>strength/2 · Σ w²</c>, whose gradient is <c>strength · w</c>: ridge regression (Hoerl and Kennard 1970), or a Gaussian prior of variance 1/strength.
    /// </summary>
    /// <param name="strength">At least 0 and finite.</param>
    /// <param name="weights">Tensors of any shape, all on one device. Of none the penalty is 0.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A strength that is negative or not finite.</exception>
    public static Tensor L2(double strength, IReadOnlyList<Tensor> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (!(strength >= 0 && double.IsFinite(strength)))
        {
            throw new ArgumentOutOfRangeException(nameof(strength), strength, "The strength of a penalty must be at least 0 and finite.");
        }

        if (weights.Count == 0)
        {
            return zeros([]);
        }

        using var scope = NewDisposeScope();
        using var half = (strength / 2).ToScalar();
        var sum = SumOfSquares(weights[0]);
        for (var index = 1; index < weights.Count; index++)
        {
            sum = sum.add(SumOfSquares(weights[index]), Scalars.One);
        }

        return sum.mul(half).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The sum of the penalties that parameter groups declare as their <see cref="WeightRegularization.L2"/>. Of a weight with weight norm it is the penalty of
    /// the weight that is used.
    /// </summary>
    /// <param name="groups">The groups of a model, all on one device. Of none the penalty is 0.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">A weight has spectral norm, which fixes its length.</exception>
    public static Tensor L2(IReadOnlyList<RegularizedGroup> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        using var scope = NewDisposeScope();
        Tensor? sum = null;
        foreach (var group in groups)
        {
            if (group.Regularization.L2 is { } strength and > 0 && group.Parameters.Count > 0)
            {
                var penalty = L2(strength, [.. group.Parameters.Select(parameter => Used(parameter, group))]);
                sum = sum is null ? penalty : sum.add(penalty, Scalars.One);
            }
        }

        return (sum ?? zeros([])).MoveToOuterDisposeScope();
    }

    private static Tensor Used(Parameter parameter, RegularizedGroup group)
    {
        WeightTransforms.CheckActs(parameter, group.Regularization, group.Name);
        return WeightTransforms.Of(parameter)?.Length ?? parameter;
    }

    private static Tensor SumOfSquares(Tensor weight)
    {
        using var square = weight.pow(Scalars.Two);
        return square.sum();
    }
}
