using SourceNet.Kernels.Updates;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>
/// NAdam, Adam with Nesterov's momentum (Dozat 2016, <see href="https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ"/>), with decoupled decay, proximal L1
/// and constraints in the step. It steps as PyTorch's does with <c>decoupled_weight_decay=True</c>.
/// </summary>
/// <remarks>
/// With <c>μₜ = β₁ (1 − ½ · 0.96^(t ψ))</c> and <c>Πₜ = μ₁ ⋯ μₜ</c>: <c>w ← w − lr · ((1 − μₜ) / (1 − Πₜ) · g + μₜ₊₁ / (1 − Πₜ₊₁) · m) / (√v̂ + ε)</c>.
/// Without decay it steps as <c>torch.optim.NAdam</c> does, whose decay is coupled.
/// </remarks>
public sealed class RegularizedNAdam : RegularizedBetasOptimizer
{
    private const int Product = 0;

    /// <summary>Steps groups that are regularized differently: <c>new RegularizedNAdam(model.ParameterGroups(), 2e-3)</c>.</summary>
    /// <param name="groups">The parameters in groups; no parameter twice.</param>
    /// <param name="learningRate">The learning rate lr, at least 0.</param>
    /// <param name="beta1">How much of the mean m of gradients is kept in a step, in [0, 1).</param>
    /// <param name="beta2">How much of the mean v of squared gradients is kept in a step, in [0, 1).</param>
    /// <param name="eps">ε, added to √v̂; at least 0.</param>
    /// <param name="momentumDecay">ψ, how fast μ grows from β₁/2 to β₁; at least 0.</param>
    /// <param name="maximize">Whether to climb instead of to descend.</param>
    /// <param name="gradientClip">A bound on the norm of all gradients together.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside of its range.</exception>
    /// <exception cref="ArgumentException">A parameter appears twice.</exception>
    public RegularizedNAdam(
        IEnumerable<RegularizedGroup> groups,
        double learningRate = 2e-3,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double eps = 1e-8,
        double momentumDecay = 4e-3,
        bool maximize = false,
        GradientClip? gradientClip = null)
        : base(gradientClip) => Start(
        groups,
        learningRate,
        new NAdamOptions
        {
            Beta1 = BelowOne(beta1, nameof(beta1)),
            Beta2 = BelowOne(beta2, nameof(beta2)),
            Eps = AtLeastZero(eps, nameof(eps)),
            MomentumDecay = AtLeastZero(momentumDecay, nameof(momentumDecay)),
            Maximize = maximize,
        });

    /// <summary>Steps all parameters alike, with the arguments of <c>torch.optim.NAdam</c> in their order. The decay is decoupled.</summary>
    /// <param name="parameters">The parameters; none twice.</param>
    /// <param name="learningRate">The learning rate lr, at least 0.</param>
    /// <param name="beta1">How much of the mean m of gradients is kept in a step, in [0, 1).</param>
    /// <param name="beta2">How much of the mean v of squared gradients is kept in a step, in [0, 1).</param>
    /// <param name="eps">ε, added to √v̂; at least 0.</param>
    /// <param name="weightDecay">Decoupled decay of every parameter, biases included, at least 0.</param>
    /// <param name="momentumDecay">ψ, how fast μ grows from β₁/2 to β₁; at least 0.</param>
    /// <param name="maximize">Whether to climb instead of to descend.</param>
    /// <param name="l1">Proximal L1 of every parameter, at least 0.</param>
    /// <param name="gradientClip">A bound on the norm of all gradients together.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside of its range.</exception>
    /// <exception cref="ArgumentException">A parameter appears twice.</exception>
    public RegularizedNAdam(
        IEnumerable<Parameter> parameters,
        double learningRate = 2e-3,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double eps = 1e-8,
        double weightDecay = 0,
        double momentumDecay = 4e-3,
        bool maximize = false,
        double l1 = 0,
        GradientClip? gradientClip = null)
        : this(Alike(parameters, weightDecay, l1), learningRate, beta1, beta2, eps, momentumDecay, maximize, gradientClip)
    {
    }

    private protected override int TensorsInState => 2;

    private protected override int NumbersInState => 1;

    private protected override void Update(MethodGroup group, Parameter parameter, Tensor gradient, RegularizedState state)
    {
        var options = (NAdamOptions)group.Options;
        var (ofGradient, ofMoment) = NextShares(state, options);
        var (first, second) = AdamMoments.After(gradient, state, options);
        using var gradientShare = ofGradient.ToScalar();
        using var momentShare = ofMoment.ToScalar();
        using var rate = group.Rate.ToScalar();
        using var direction = gradient.mul(gradientShare);
        direction.add_(first, momentShare);
        using var root = AdamMoments.Root(second, state, options);
        parameter.addcdiv_(direction, root, rate);
    }

    private protected override bool TryLocate(MethodGroup group, RegularizedState state, ref TensorEntry entry)
    {
        entry.Kind = UpdateKind.NAdam;
        return AdamMoments.TryLocate(state, ref entry);
    }

    private protected override void Advance(MethodGroup group, RegularizedState state, ref UpdateCoefficients coefficients)
    {
        var options = (NAdamOptions)group.Options;
        var (ofGradient, ofMoment) = NextShares(state, options);
        AdamMoments.Fill(ref coefficients, state, options);
        coefficients.Rate = (float)(group.Rate * ofGradient);
        coefficients.NesterovRatio = (float)(ofMoment / ofGradient);
    }

    /// <summary>Counts the step. How much the gradient and the first moment count in its direction.</summary>
    private static (double Gradient, double Moment) NextShares(RegularizedState state, NAdamOptions options)
    {
        var product = state.Step == 0 ? 1 : state.Numbers[Product];
        state.Step++;
        var (now, next) = (Momentum(state.Step), Momentum(state.Step + 1));
        product *= now;
        state.Numbers[Product] = product;
        return ((1 - now) / (1 - product), next / (1 - (product * next)));

        double Momentum(long step) => options.Beta1 * (1 - (0.5 * Math.Pow(0.96, step * options.MomentumDecay)));
    }

    private sealed class NAdamOptions : MomentOptions
    {
        internal double MomentumDecay { get; set; }

        private protected override void Exchange(MethodNumbers numbers)
        {
            base.Exchange(numbers);
            MomentumDecay = numbers.Of(MomentumDecay);
        }
    }
}
