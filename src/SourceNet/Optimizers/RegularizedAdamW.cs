using SourceNet.Kernels.Updates;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019, <see href="https://arxiv.org/abs/1711.05101"/>) with proximal L1 and constraints in the step, and with AMSGrad (Reddi et
/// al. 2018).
/// Without L1 and constraints it steps as <c>torch.optim.AdamW</c> does.
/// </summary>
/// <remarks>
/// L1 is decoupled as the decay is: the threshold <c>lr · l1</c> is not divided by Adam's denominator. A weight stays at 0 while <c>|m̂| / (√v̂ + ε) ≤ l1</c>,
/// so that l1 bounds the ratio of a gradient's mean to its root mean square, not the gradient.
/// </remarks>
public sealed class RegularizedAdamW : RegularizedBetasOptimizer
{
    private const int Largest = 2;

    /// <summary>Steps groups that are regularized differently: <c>new RegularizedAdamW(model.ParameterGroups(), 1e-3)</c>.</summary>
    /// <param name="groups">The parameters in groups; no parameter twice.</param>
    /// <param name="learningRate">The learning rate lr, at least 0.</param>
    /// <param name="beta1">How much of the mean m of gradients is kept in a step, in [0, 1).</param>
    /// <param name="beta2">How much of the mean v of squared gradients is kept in a step, in [0, 1).</param>
    /// <param name="eps">ε, added to √v̂; at least 0.</param>
    /// <param name="amsgrad">Whether the largest v so far is used.</param>
    /// <param name="maximize">Whether to climb instead of to descend.</param>
    /// <param name="gradientClip">A bound on the norm of all gradients together.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside of its range.</exception>
    /// <exception cref="ArgumentException">A parameter appears twice.</exception>
    public RegularizedAdamW(
        IEnumerable<RegularizedGroup> groups,
        double learningRate = 1e-3,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double eps = 1e-8,
        bool amsgrad = false,
        bool maximize = false,
        GradientClip? gradientClip = null)
        : base(gradientClip) => Start(
        groups,
        learningRate,
        new AdamWOptions
        {
            Beta1 = BelowOne(beta1, nameof(beta1)),
            Beta2 = BelowOne(beta2, nameof(beta2)),
            Eps = AtLeastZero(eps, nameof(eps)),
            AmsGrad = amsgrad,
            Maximize = maximize,
        });

    /// <summary>Steps all parameters alike, with the arguments of <c>torch.optim.AdamW</c> in their order.</summary>
    /// <param name="parameters">The parameters; none twice.</param>
    /// <param name="learningRate">The learning rate lr, at least 0.</param>
    /// <param name="beta1">How much of the mean m of gradients is kept in a step, in [0, 1).</param>
    /// <param name="beta2">How much of the mean v of squared gradients is kept in a step, in [0, 1).</param>
    /// <param name="eps">ε, added to √v̂; at least 0.</param>
    /// <param name="weightDecay">Decoupled decay of every parameter, biases included, at least 0.</param>
    /// <param name="amsgrad">Whether the largest v so far is used.</param>
    /// <param name="maximize">Whether to climb instead of to descend.</param>
    /// <param name="l1">Proximal L1 of every parameter, at least 0.</param>
    /// <param name="gradientClip">A bound on the norm of all gradients together.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside of its range.</exception>
    /// <exception cref="ArgumentException">A parameter appears twice.</exception>
    public RegularizedAdamW(
        IEnumerable<Parameter> parameters,
        double learningRate = 1e-3,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double eps = 1e-8,
        double weightDecay = 0,
        bool amsgrad = false,
        bool maximize = false,
        double l1 = 0,
        GradientClip? gradientClip = null)
        : this(Alike(parameters, weightDecay, l1), learningRate, beta1, beta2, eps, amsgrad, maximize, gradientClip)
    {
    }

    private protected override int TensorsInState => 3;

    private protected override void Update(MethodGroup group, Parameter parameter, Tensor gradient, RegularizedState state)
    {
        var options = (AdamWOptions)group.Options;
        state.Step++;
        var (first, second) = AdamMoments.After(gradient, state, options);
        if (options.AmsGrad)
        {
            second = state.OrZeros(Largest).clamp_(min: second);
        }

        using var rate = (group.Rate * AdamMoments.Correction(options.Beta1, state.Step)).ToScalar();
        using var root = AdamMoments.Root(second, state, options);
        parameter.addcdiv_(first, root, rate);
    }

    private protected override unsafe bool TryLocate(MethodGroup group, RegularizedState state, ref TensorEntry entry)
    {
        var largest = ((AdamWOptions)group.Options).AmsGrad;
        entry.Kind = largest ? UpdateKind.AmsGrad : UpdateKind.Adam;
        entry.Pointers.MaxSecondMoment = largest ? state.Floats(Largest, entry.Count) : null;
        return AdamMoments.TryLocate(state, ref entry) && (entry.Pointers.MaxSecondMoment is not null || !largest);
    }

    private protected override void Advance(MethodGroup group, RegularizedState state, ref UpdateCoefficients coefficients)
    {
        var options = (AdamWOptions)group.Options;
        state.Step++;
        AdamMoments.Fill(ref coefficients, state, options);
        coefficients.Rate = (float)(group.Rate * AdamMoments.Correction(options.Beta1, state.Step));
    }

    private sealed class AdamWOptions : MomentOptions
    {
        internal bool AmsGrad { get; set; }

        private protected override void Exchange(MethodNumbers numbers)
        {
            base.Exchange(numbers);
            AmsGrad = numbers.Of(AmsGrad);
        }
    }
}
