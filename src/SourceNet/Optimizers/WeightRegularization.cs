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
    private readonly double? sparsity;
    private readonly int sparsityFromEpoch = 1;

    /// <summary>Nothing at all, and said so: <c>None.Or(anything)</c> is <c>None</c>. The choice for biases, norm scales and embeddings.</summary>
    public static WeightRegularization None { get; } = new() { WeightDecay = 0, L1 = 0, L2 = 0, Sparsity = 0, Constraint = WeightConstraint.None };

    /// <summary>Decoupled weight decay (Loshchilov and Hutter 2019): <c>w ← w − lr · decay · w</c>. At least 0 and finite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double? WeightDecay { get => weightDecay; init => weightDecay = Checked(value, nameof(WeightDecay)); }

    /// <summary>Proximal L1: after the step <c>w ← sign(w) · max(|w| − lr · l1, 0)</c>, which makes exact zeros. At least 0 and finite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double? L1 { get => l1; init => l1 = Checked(value, nameof(L1)); }

    /// <summary>The coupled penalty <c>l2/2 · Σ w²</c> that a model's <c>Loss</c> adds; the optimizer leaves it alone. At least 0 and finite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double? L2 { get => l2; init => l2 = Checked(value, nameof(L2)); }

    /// <summary>
    /// The share of the weights of each parameter that the trainer sets to 0, the smallest ones, and holds there: in [0, 1). The optimizer leaves it alone.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public double? Sparsity
    {
        get => sparsity;
        init => sparsity = value is null or (>= 0 and < 1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Sparsity), value, "The share of weights that are 0 must be at least 0 and below 1.");
    }

    /// <summary>The epoch, from 1, at whose beginning the weights are pruned to <see cref="Sparsity"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int SparsityFromEpoch
    {
        get => sparsityFromEpoch;
        init => sparsityFromEpoch = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(SparsityFromEpoch), value, "Epochs count from 1.");
    }

    /// <summary>What every weight must satisfy after each step. Several: <see cref="WeightConstraint.All"/>.</summary>
    public WeightConstraint? Constraint { get; init; }

    /// <summary>This one, with what it leaves open taken from <paramref name="other"/>.</summary>
    public WeightRegularization Or(WeightRegularization? other) => other is null ? this : this with
    {
        WeightDecay = WeightDecay ?? other.WeightDecay,
        L1 = L1 ?? other.L1,
        L2 = L2 ?? other.L2,
        Sparsity = Sparsity ?? other.Sparsity,
        SparsityFromEpoch = Sparsity is null ? other.SparsityFromEpoch : SparsityFromEpoch,
        Constraint = Constraint ?? other.Constraint,
    };

    /// <summary>This one for weights whose units are not on axis 0, <c>[in, out / groups, k…]</c>: those of transposed convolutions.</summary>
    /// <param name="unitAxis">The axis that counts the units.</param>
    /// <param name="groups">The parts of axis 0 that have units of their own.</param>
    /// <exception cref="ArgumentOutOfRangeException">The axis is negative, or there is no group.</exception>
    public WeightRegularization OnUnits(int unitAxis, long groups = 1) => this with { Constraint = Constraint?.OnUnits(new(unitAxis, groups)) };

    /// <summary>What happens to weights that do not learn: they may be pruned.</summary>
    internal WeightRegularization Alone() => None with { Sparsity = Sparsity, SparsityFromEpoch = SparsityFromEpoch };

    private static double? Checked(double? value, string name) =>
        value is { } strength && !(strength >= 0 && double.IsFinite(strength))
            ? throw new ArgumentOutOfRangeException(name, strength, "A regularization strength must be at least 0 and finite.")
            : value;
}
