using SourceNet.Kernels.Updates;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>
/// LAMB (You et al. 2020, <see href="https://arxiv.org/abs/1904.00962"/>), for large batches: Adam's direction, scaled for each parameter so that its step is
/// as long, compared with the learning rate, as the parameter itself. With proximal L1 and constraints in the step.
/// </summary>
/// <remarks><para>
/// <c>u = m̂ / (√v̂ + ε) + decay · w</c>, <c>w ← w − lr · (‖w‖ / ‖u‖) · u</c>. As in the paper both moments are corrected for their start at 0, φ is the
/// identity, and the decay is part of
/// the direction: past the moments, but scaled with it. L1 is not scaled, its threshold is <c>lr · l1</c>. Where ‖w‖ or ‖u‖ is 0, the ratio is 1.
/// </para><para>
/// As in the authors' program, biases and norm scales (parameters of fewer than two axes) are not scaled: their ratio is 1. A bias that begins at 0 would
/// hardly move.
/// <c>scaleVectors</c> scales them as the paper's algorithm is written.
/// </para><para>
/// The step takes two passes over all parameters: moments and lengths, then weights. A weight with weight norm or spectral norm decays as it is used, beside
/// the direction.
/// </para></remarks>
public sealed class RegularizedLamb : RegularizedBetasOptimizer
{
    /// <summary>Steps groups that are regularized differently: <c>new RegularizedLamb(model.ParameterGroups(), 2e-3)</c>.</summary>
    /// <param name="groups">The parameters in groups; no parameter twice.</param>
    /// <param name="learningRate">The learning rate lr, at least 0.</param>
    /// <param name="beta1">How much of the mean m of gradients is kept in a step, in [0, 1).</param>
    /// <param name="beta2">How much of the mean v of squared gradients is kept in a step, in [0, 1).</param>
    /// <param name="eps">ε, added to √v̂; at least 0.</param>
    /// <param name="scaleVectors">Whether parameters of fewer than two axes are scaled too.</param>
    /// <param name="maximize">Whether to climb instead of to descend.</param>
    /// <param name="gradientClip">A bound on the norm of all gradients together.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside of its range.</exception>
    /// <exception cref="ArgumentException">A parameter appears twice.</exception>
    public RegularizedLamb(
        IEnumerable<RegularizedGroup> groups,
        double learningRate = 1e-3,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double eps = 1e-6,
        bool scaleVectors = false,
        bool maximize = false,
        GradientClip? gradientClip = null)
        : base(gradientClip) => Start(
        groups,
        learningRate,
        new LambOptions
        {
            Beta1 = BelowOne(beta1, nameof(beta1)),
            Beta2 = BelowOne(beta2, nameof(beta2)),
            Eps = AtLeastZero(eps, nameof(eps)),
            ScaleVectors = scaleVectors,
            Maximize = maximize,
        });

    /// <summary>Steps all parameters alike.</summary>
    /// <param name="parameters">The parameters; none twice.</param>
    /// <param name="learningRate">The learning rate lr, at least 0.</param>
    /// <param name="beta1">How much of the mean m of gradients is kept in a step, in [0, 1).</param>
    /// <param name="beta2">How much of the mean v of squared gradients is kept in a step, in [0, 1).</param>
    /// <param name="eps">ε, added to √v̂; at least 0.</param>
    /// <param name="weightDecay">Decay of every parameter along its direction, biases included, at least 0.</param>
    /// <param name="scaleVectors">Whether parameters of fewer than two axes are scaled too.</param>
    /// <param name="maximize">Whether to climb instead of to descend.</param>
    /// <param name="l1">Proximal L1 of every parameter, at least 0.</param>
    /// <param name="gradientClip">A bound on the norm of all gradients together.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside of its range.</exception>
    /// <exception cref="ArgumentException">A parameter appears twice.</exception>
    public RegularizedLamb(
        IEnumerable<Parameter> parameters,
        double learningRate = 1e-3,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double eps = 1e-6,
        double weightDecay = 0,
        bool scaleVectors = false,
        bool maximize = false,
        double l1 = 0,
        GradientClip? gradientClip = null)
        : this(Alike(parameters, weightDecay, l1), learningRate, beta1, beta2, eps, scaleVectors, maximize, gradientClip)
    {
    }

    private protected override int TensorsInState => 2;

    private protected override bool DecaysInDirection => true;

    private protected override bool MeasuresFirst => true;

    private protected override double RateFactor(MethodGroup group, Parameter parameter, SquaredLengths lengths) =>
        IsScaled(group, parameter) && lengths is { Weight: > 0, Direction: > 0 } ? Math.Sqrt(lengths.Weight / lengths.Direction) : 1;

    private protected override void Update(MethodGroup group, Parameter parameter, Tensor gradient, RegularizedState state)
    {
        var options = (LambOptions)group.Options;
        state.Step++;
        var (first, second) = AdamMoments.After(gradient, state, options);
        using var scope = NewDisposeScope();
        using var correction = FirstCorrection(options, state).ToScalar();
        using var decay = (OwnRegularization(group, parameter).WeightDecay ?? 0).ToScalar();
        using var rate = (-group.LearningRate).ToScalar();
        var direction = first.div(AdamMoments.Root(second, state, options)).mul_(correction).add_(parameter, decay);
        if (IsScaled(group, parameter))
        {
            direction.mul_(Ratio(parameter, direction));
        }

        parameter.add_(direction, rate);
    }

    private protected override bool TryLocate(MethodGroup group, RegularizedState state, ref TensorEntry entry)
    {
        entry.Kind = UpdateKind.Lamb;
        return AdamMoments.TryLocate(state, ref entry);
    }

    private protected override void Advance(MethodGroup group, RegularizedState state, ref UpdateCoefficients coefficients)
    {
        var options = (LambOptions)group.Options;
        state.Step++;
        AdamMoments.Fill(ref coefficients, state, options);
        coefficients.FirstCorrection = (float)FirstCorrection(options, state);
        coefficients.Rate = (float)-group.LearningRate;
    }

    private static bool IsScaled(MethodGroup group, Parameter parameter) => ((LambOptions)group.Options).ScaleVectors || parameter.ndim >= 2;

    /// <summary>Of the first moment, which alone turns around where the method climbs: decay does not.</summary>
    private static double FirstCorrection(LambOptions options, RegularizedState state) =>
        AdamMoments.Correction(options.Beta1, state.Step) * (options.Maximize ? -1 : 1);

    /// <summary><c>‖w‖ / ‖u‖</c> on the parameter's device, in float64 where there is one. All that it makes belongs to the caller's scope.</summary>
    private static Tensor Ratio(Tensor weight, Tensor direction)
    {
        var (weights, directions) = (Length(weight), Length(direction));
        var known = weights.gt(Scalars.Zero).logical_and(directions.gt(Scalars.Zero));
        return where(known, weights.div(directions), ones_like(weights)).to(weight.dtype);
    }

    private static Tensor Length(Tensor values) => L2Norm.Of(values.device_type == DeviceType.MPS ? values : values.to(ScalarType.Float64));

    private sealed class LambOptions : MomentOptions
    {
        internal bool ScaleVectors { get; set; }

        private protected override void Exchange(MethodNumbers numbers)
        {
            base.Exchange(numbers);
            ScaleVectors = numbers.Of(ScaleVectors);
        }
    }
}
