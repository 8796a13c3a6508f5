using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>A set that a weight must lie in: the weight is projected onto it after every optimizer step.</summary>
/// <remarks>
/// The weight is read as a matrix <c>[out, in·k…]</c>; a <em>unit</em> is a row, the weights coming into one output.
/// Transposed convolutions store <c>[in, out, k…]</c>: give 1 as their unit axis.
/// </remarks>
public abstract record WeightConstraint
{
    private WeightConstraint() { }

    /// <summary>No constraint, and said so: it keeps a default from applying.</summary>
    public static WeightConstraint None { get; } = new Unconstrained();

    /// <summary>Every weight is at least 0: <c>w ← max(w, 0)</c>.</summary>
    public static WeightConstraint NonNegative { get; } = new AtLeastZero();

    /// <summary>Each unit's L2 norm is at most <paramref name="maximum"/>; shorter units are left as they are (Srivastava et al. 2014).</summary>
    /// <param name="maximum">The largest norm: above 0 and finite.</param>
    /// <param name="unitAxis">The axis that counts the units, 0 except for transposed convolutions.</param>
    /// <exception cref="ArgumentOutOfRangeException">The norm is not above 0 and finite, or the axis is negative.</exception>
    public static WeightConstraint MaxNorm(double maximum, int unitAxis = 0)
    {
        if (!(maximum > 0) || double.IsInfinity(maximum))
        {
            throw new ArgumentOutOfRangeException(nameof(maximum), maximum, "The largest norm of a unit must be above 0 and finite.");
        }
        return new BoundedNorm(maximum, CheckedAxis(unitAxis));
    }

    /// <summary>Each unit's L2 norm is 1; a unit of zeros has no direction and stays zero.</summary>
    /// <param name="unitAxis">The axis that counts the units, 0 except for transposed convolutions.</param>
    /// <exception cref="ArgumentOutOfRangeException">The axis is negative.</exception>
    public static WeightConstraint UnitNorm(int unitAxis = 0) => new NormOfOne(CheckedAxis(unitAxis));

    /// <summary>
    /// Rows (or columns, where the matrix is tall) are orthonormal: the weight becomes its polar factor <c>U Vᵀ</c> of <c>U S Vᵀ</c>,
    /// which of all such matrices is the nearest one in the Frobenius norm (Higham 1986).
    /// </summary>
    /// <param name="unitAxis">The axis that counts the units, 0 except for transposed convolutions.</param>
    /// <exception cref="ArgumentOutOfRangeException">The axis is negative.</exception>
    public static WeightConstraint Orthogonal(int unitAxis = 0) => new Orthonormal(CheckedAxis(unitAxis));

    /// <summary>Several constraints, projected onto one after the other in the order given.</summary>
    public static WeightConstraint All(params WeightConstraint[] constraints)
    {
        ArgumentNullException.ThrowIfNull(constraints);
        return constraints.Length == 1 ? constraints[0] : new InTurn([.. constraints]);
    }

    /// <summary>Projects the parameter in place, outside of the gradient's graph.</summary>
    /// <param name="parameter">The weight: any shape for <see cref="NonNegative"/>, at least two axes for the others.</param>
    /// <exception cref="ArgumentException">A constraint on units meets a parameter of fewer than two axes, or one that lacks the unit axis.</exception>
    public void Apply(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Project(parameter);
    }

    /// <summary>The smallest weight that is allowed.</summary>
    internal virtual float Floor => float.NegativeInfinity;

    /// <summary>Whether the constraint is nothing but <see cref="Floor"/>.</summary>
    internal virtual bool IsFloor => false;

    private protected abstract void Project(Tensor weight);

    private static int CheckedAxis(int unitAxis) =>
        unitAxis >= 0 ? unitAxis : throw new ArgumentOutOfRangeException(nameof(unitAxis), unitAxis, "The axis of the units must be at least 0.");

    private static void RequireUnits(Tensor weight, int unitAxis, string constraint)
    {
        if (weight.ndim < 2 || unitAxis >= weight.ndim)
        {
            throw new ArgumentException(
                $"{constraint} needs a weight of at least two axes with the units on axis {unitAxis}, but the shape is [{string.Join(", ", weight.shape)}].");
        }
    }

    /// <summary>The L2 norm of each unit, with the other axes kept as 1 so that it broadcasts against the weight.</summary>
    private static Tensor UnitNorms(Tensor weight, int unitAxis)
    {
        long[] others = [.. Enumerable.Range(0, (int)weight.ndim).Where(axis => axis != unitAxis).Select(axis => (long)axis)];
        return linalg.vector_norm(weight, 2, others, keepdim: true);
    }

    private sealed record Unconstrained : WeightConstraint
    {
        internal override bool IsFloor => true;

        private protected override void Project(Tensor weight) { }
        public override string ToString() => nameof(None);
    }

    private sealed record AtLeastZero : WeightConstraint
    {
        internal override float Floor => 0;

        internal override bool IsFloor => true;

        private protected override void Project(Tensor weight) => weight.clamp_min_(0);
        public override string ToString() => nameof(NonNegative);
    }

    private sealed record BoundedNorm(double Maximum, int UnitAxis) : WeightConstraint
    {
        private protected override void Project(Tensor weight)
        {
            RequireUnits(weight, UnitAxis, "MaxNorm");
            var norms = UnitNorms(weight, UnitAxis);
            // bound / max(norm, bound) is exactly 1 for short units, so they keep their bits.
            weight.mul_(full_like(norms, Maximum).div_(norms.clamp_min(Maximum)));
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"MaxNorm({Maximum})");
    }

    private sealed record NormOfOne(int UnitAxis) : WeightConstraint
    {
        private protected override void Project(Tensor weight)
        {
            RequireUnits(weight, UnitAxis, "UnitNorm");
            var norms = UnitNorms(weight, UnitAxis);
            weight.div_(norms.masked_fill_(norms.eq(0), 1));
        }

        public override string ToString() => nameof(UnitNorm);
    }

    private sealed record Orthonormal(int UnitAxis) : WeightConstraint
    {
        private protected override void Project(Tensor weight)
        {
            RequireUnits(weight, UnitAxis, "Orthogonal");
            var units = weight.transpose(0, UnitAxis);
            var matrix = units.flatten(1);
            // LAPACK knows single and double precision only.
            var (left, _, right) = linalg.svd(matrix.dtype == ScalarType.Float64 ? matrix : matrix.to(ScalarType.Float32), fullMatrices: false);
            units.copy_(left.matmul(right).reshape(units.shape));
        }

        public override string ToString() => nameof(Orthogonal);
    }

    private sealed record InTurn(WeightConstraint[] Constraints) : WeightConstraint
    {
        private protected override void Project(Tensor weight)
        {
            foreach (var constraint in Constraints)
            {
                constraint.Project(weight);
            }
        }

        public bool Equals(InTurn? other) => other is not null && Constraints.AsSpan().SequenceEqual(other.Constraints);
        public override int GetHashCode() => Constraints.Aggregate(17, HashCode.Combine);
        public override string ToString() => string.Join(", ", Constraints.Select(constraint => constraint.ToString()));
    }
}
