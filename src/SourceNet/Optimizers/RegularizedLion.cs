using SourceNet.Kernels.Updates;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>
/// Lion (Chen et al. 2023, <see href="https://arxiv.org/abs/2302.06675"/>): <c>w ← w − lr · sign(β₁ m + (1 − β₁) g)</c>, then <c>m ← β₂ m + (1 − β₂) g</c>,
/// with decoupled decay, proximal L1 and constraints in the step.
/// </summary>
/// <remarks><para>
/// Each weight moves by lr whatever the size of its gradient, so that the rate is three to ten times less than that of AdamW, and the decay as many times more.
/// It remembers one tensor for each parameter, where Adam remembers two.
/// </para><para>
/// It is not for sparsity. A weight at 0 moves by lr and comes back by <c>lr · l1</c>: with L1 below 1 none stays at 0, and from 1 on all weights go there.
/// </para><para>
/// A sign would hide a gradient that is not finite. Here such a gradient makes its weight not-a-number.
/// </para></remarks>
public sealed class RegularizedLion : RegularizedBetasOptimizer
{
    private const int Moment = 0;

    /// <summary>Steps groups that are regularized differently: <c>new RegularizedLion(model.ParameterGroups(), 1e-4)</c>.</summary>
    /// <param name="groups">The parameters in groups; no parameter twice.</param>
    /// <param name="learningRate">The learning rate lr, at least 0.</param>
    /// <param name="beta1">How much of the mean m of gradients counts in a step's direction, in [0, 1).</param>
    /// <param name="beta2">How much of m is kept for the next step, in [0, 1).</param>
    /// <param name="maximize">Whether to climb instead of to descend.</param>
    /// <param name="gradientClip">A bound on the norm of all gradients together.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside of its range.</exception>
    /// <exception cref="ArgumentException">A parameter appears twice.</exception>
    public RegularizedLion(
        IEnumerable<RegularizedGroup> groups,
        double learningRate = 1e-4,
        double beta1 = 0.9,
        double beta2 = 0.99,
        bool maximize = false,
        GradientClip? gradientClip = null)
        : base(gradientClip) => Start(
        groups,
        learningRate,
        new BetaOptions { Beta1 = BelowOne(beta1, nameof(beta1)), Beta2 = BelowOne(beta2, nameof(beta2)), Maximize = maximize });

    /// <summary>Steps all parameters alike.</summary>
    /// <param name="parameters">The parameters; none twice.</param>
    /// <param name="learningRate">The learning rate lr, at least 0.</param>
    /// <param name="beta1">How much of the mean m of gradients counts in a step's direction, in [0, 1).</param>
    /// <param name="beta2">How much of m is kept for the next step, in [0, 1).</param>
    /// <param name="weightDecay">Decoupled decay of every parameter, biases included, at least 0.</param>
    /// <param name="maximize">Whether to climb instead of to descend.</param>
    /// <param name="l1">Proximal L1 of every parameter, at least 0.</param>
    /// <param name="gradientClip">A bound on the norm of all gradients together.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside of its range.</exception>
    /// <exception cref="ArgumentException">A parameter appears twice.</exception>
    public RegularizedLion(
        IEnumerable<Parameter> parameters,
        double learningRate = 1e-4,
        double beta1 = 0.9,
        double beta2 = 0.99,
        double weightDecay = 0,
        bool maximize = false,
        double l1 = 0,
        GradientClip? gradientClip = null)
        : this(Alike(parameters, weightDecay, l1), learningRate, beta1, beta2, maximize, gradientClip)
    {
    }

    private protected override int TensorsInState => 1;

    private protected override void Update(MethodGroup group, Parameter parameter, Tensor gradient, RegularizedState state)
    {
        var options = (BetaOptions)group.Options;
        state.Step++;
        using var keep1 = options.Beta1.ToScalar();
        using var take1 = (1 - options.Beta1).ToScalar();
        using var keep2 = options.Beta2.ToScalar();
        using var take2 = (1 - options.Beta2).ToScalar();
        using var rate = group.Rate.ToScalar();

        var moment = state.OrZeros(Moment);
        using var direction = moment.mul(keep1);
        direction.add_(gradient, take1);
        // 0, and not-a-number for what is not finite.
        using var broken = direction.mul(Scalars.Zero);
        parameter.add_(direction.sign_().add_(broken, Scalars.One), rate);
        moment.mul_(keep2).add_(gradient, take2);
    }

    private protected override unsafe bool TryLocate(MethodGroup group, RegularizedState state, ref TensorEntry entry)
    {
        entry.Kind = UpdateKind.Lion;
        entry.Pointers.FirstMoment = state.Floats(Moment, entry.Count);
        return entry.Pointers.FirstMoment is not null;
    }

    private protected override void Advance(MethodGroup group, RegularizedState state, ref UpdateCoefficients coefficients)
    {
        var options = (BetaOptions)group.Options;
        state.Step++;
        coefficients.Rate = (float)group.Rate;
        coefficients.Beta1 = (float)options.Beta1;
        coefficients.GradientFactor = (float)(1 - options.Beta1);
        coefficients.Beta2 = (float)options.Beta2;
        coefficients.SquareFactor = (float)(1 - options.Beta2);
    }
}
