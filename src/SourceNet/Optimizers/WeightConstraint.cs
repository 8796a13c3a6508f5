using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>A set that a weight must lie in: the weight is projected onto it after every optimizer step.</summary>
/// <remarks>
/// The weight is read as a matrix <c>[out, in·k…]</c>; a <em>unit</em> is a row, the weights coming into one output.
/// Transposed convolutions store <c>[in, out / groups, k…]</c>, each group's inputs in turn: give 1 as their unit axis, and their groups.
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
    /// <param name="groups">The parts of axis 0 that have units of their own: the groups of a transposed convolution.</param>
    /// <exception cref="ArgumentOutOfRangeException">The norm is not above 0 and finite, the axis is negative, or there is no group.</exception>
    public static WeightConstraint MaxNorm(double maximum, int unitAxis = 0, long groups = 1)
    {
        if (!(maximum > 0) || double.IsInfinity(maximum))
        {
            throw new ArgumentOutOfRangeException(nameof(maximum), maximum, "The largest norm of a unit must be above 0 and finite.");
        }
        return new BoundedNorm(maximum, new(unitAxis, groups));
    }

    /// <summary>Each unit's L2 norm is 1; a unit of zeros has no direction and stays zero.</summary>
    /// <param name="unitAxis">The axis that counts the units, 0 except for transposed convolutions.</param>
    /// <param name="groups">The parts of axis 0 that have units of their own: the groups of a transposed convolution.</param>
    /// <exception cref="ArgumentOutOfRangeException">The axis is negative, or there is no group.</exception>
    public static WeightConstraint UnitNorm(int unitAxis = 0, long groups = 1) => new NormOfOne(new(unitAxis, groups));

    /// <summary>
    /// Rows (or columns, where the matrix is tall) are orthonormal: the weight becomes its polar factor <c>U Vᵀ</c> of <c>U S Vᵀ</c>,
    /// which of all such matrices is the nearest one in the Frobenius norm (Higham 1986).
    /// </summary>
    /// <param name="unitAxis">The axis that counts the units, 0 except for transposed convolutions.</param>
    /// <param name="groups">The parts of axis 0 that have units of their own, and a matrix each: the groups of a transposed convolution.</param>
    /// <exception cref="ArgumentOutOfRangeException">The axis is negative, or there is no group.</exception>
    public static WeightConstraint Orthogonal(int unitAxis = 0, long groups = 1) => new Orthonormal(new(unitAxis, groups));

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

    /// <summary>Projects a weight that is not the parameter itself, in place.</summary>
    internal void ApplyTo(Tensor weight)
    {
        using var scope = NewDisposeScope();
        Project(weight);
    }

    /// <summary>Whether it is about the lengths of units.</summary>
    internal virtual bool BoundsLengths => false;

    /// <summary>The same constraint for a weight that has its units elsewhere.</summary>
    internal virtual WeightConstraint OnUnits(UnitLayout units) => this;

    /// <summary>The smallest weight that is allowed.</summary>
    internal virtual float Floor => float.NegativeInfinity;

    /// <summary>Whether the constraint is nothing but <see cref="Floor"/>.</summary>
    internal virtual bool IsFloor => false;

    private protected abstract void Project(Tensor weight);

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

        private protected override void Project(Tensor weight) => weight.clamp_min_(Scalars.Zero);
        public override string ToString() => nameof(NonNegative);
    }

    private sealed record BoundedNorm(double Maximum, UnitLayout Units) : WeightConstraint
    {
        internal override bool BoundsLengths => true;

        internal override WeightConstraint OnUnits(UnitLayout units) => this with { Units = units };

        private protected override void Project(Tensor weight)
        {
            var units = Units.Of(weight, "MaxNorm");
            var wide = UnitLayout.Wide(units);
            var norms = UnitLayout.Norms(wide);
            using var bound = Maximum.ToScalar();
            // Short units keep their bits.
            units.copy_(where(norms.gt(bound), wide.mul(full_like(norms, bound).div_(norms)).to(units.dtype), units));
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"MaxNorm({Maximum})");
    }

    private sealed record NormOfOne(UnitLayout Units) : WeightConstraint
    {
        internal override bool BoundsLengths => true;

        internal override WeightConstraint OnUnits(UnitLayout units) => this with { Units = units };

        private protected override void Project(Tensor weight)
        {
            var units = Units.Of(weight, "UnitNorm");
            var wide = UnitLayout.Wide(units);
            var norms = UnitLayout.Norms(wide);
            units.copy_(wide.div(norms.masked_fill_(norms.eq(Scalars.Zero), Scalars.One)));
        }

        public override string ToString() => nameof(UnitNorm);
    }

    private sealed record Orthonormal(UnitLayout Units) : WeightConstraint
    {
        internal override WeightConstraint OnUnits(UnitLayout units) => this with { Units = units };

        private protected override void Project(Tensor weight)
        {
            var units = Units.Of(weight, "Orthogonal");
            var matrices = units.flatten(2);
            // LAPACK knows single and double precision only.
            var (left, _, right) = linalg.svd(matrices.dtype == ScalarType.Float64 ? matrices : matrices.to(ScalarType.Float32), fullMatrices: false);
            units.copy_(left.matmul(right).reshape(units.shape));
        }

        public override string ToString() => nameof(Orthogonal);
    }

    private sealed record InTurn(WeightConstraint[] Constraints) : WeightConstraint
    {
        internal override bool BoundsLengths => Constraints.Any(constraint => constraint.BoundsLengths);

        internal override WeightConstraint OnUnits(UnitLayout units) => new InTurn([.. Constraints.Select(constraint => constraint.OnUnits(units))]);

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
