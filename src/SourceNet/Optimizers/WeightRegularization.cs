namespace SourceNet;

/// <summary>How a group of parameters is regularized, besides following the gradient of the objective.</summary>
/// <remarks>
/// A null member says nothing and can be filled in by <see cref="Or"/>; 0 and <see cref="WeightConstraint.None"/> say "off" and stand.
/// Elastic net is an <see cref="L1"/> and a <see cref="WeightDecay"/> together.
/// </remarks>
public sealed record WeightRegularization
{
    private readonly double? weightDecay;
    private readonly double? l1;
    private readonly double? l2;

    /// <summary>Nothing at all, and said so: <c>None.Or(anything)</c> is <c>None</c>. The choice for biases, norm scales and embeddings.</summary>
    public static WeightRegularization None { get; } = new() { WeightDecay = 0, L1 = 0, L2 = 0, Constraint = WeightConstraint.None };

    /// <summary>Decoupled weight decay (Loshchilov and Hutter 2019): <c>w ← w − lr · decay · w</c>. At least 0 and finite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double? WeightDecay { get => weightDecay; init => weightDecay = Checked(value, nameof(WeightDecay)); }

    /// <summary>Proximal L1: after the step <c>w ← sign(w) · max(|w| − lr · l1, 0)</c>, which makes exact zeros. At least 0 and finite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double? L1 { get => l1; init => l1 = Checked(value, nameof(L1)); }

    /// <summary>The coupled penalty <c>l2/2 · Σ w²</c> that <see cref="Model.Loss"/> adds; the optimizer leaves it alone. At least 0 and finite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double? L2 { get => l2; init => l2 = Checked(value, nameof(L2)); }

    /// <summary>What every weight must satisfy after each step. Several: <see cref="WeightConstraint.All"/>.</summary>
    public WeightConstraint? Constraint { get; init; }

    /// <summary>This one, with what it leaves open taken from <paramref name="other"/>.</summary>
    public WeightRegularization Or(WeightRegularization? other) => other is null ? this : this with
    {
        WeightDecay = WeightDecay ?? other.WeightDecay,
        L1 = L1 ?? other.L1,
        L2 = L2 ?? other.L2,
        Constraint = Constraint ?? other.Constraint,
    };

    /// <summary>This one for weights whose units are not on axis 0, <c>[in, out / groups, k…]</c>: those of transposed convolutions.</summary>
    /// <param name="unitAxis">The axis that counts the units.</param>
    /// <param name="groups">The parts of axis 0 that have units of their own.</param>
    /// <exception cref="ArgumentOutOfRangeException">The axis is negative, or there is no group.</exception>
    public WeightRegularization OnUnits(int unitAxis, long groups = 1) => this with { Constraint = Constraint?.OnUnits(new(unitAxis, groups)) };

    private static double? Checked(double? value, string name) =>
        value is { } strength && !(strength >= 0 && double.IsFinite(strength))
            ? throw new ArgumentOutOfRangeException(name, strength, "A regularization strength must be at least 0 and finite.")
            : value;
}
