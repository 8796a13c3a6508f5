using SourceNet.Kernels.Updates;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>
/// RMSprop (Tieleman and Hinton 2012) with momentum, and centered (Graves 2013, <see href="https://arxiv.org/abs/1308.0850"/>), and with decoupled decay,
/// proximal L1 and constraints in the step. Without regularization it steps as <c>torch.optim.RMSProp</c> does, whose decay is coupled.
/// </summary>
/// <remarks>
/// <c>v ← α v + (1 − α) g²</c>, <c>w ← w − lr · g / (√v + ε)</c>. Centered, <c>v − ḡ²</c> stands for v, with the mean <c>ḡ ← α ḡ + (1 − α) g</c>; it is at
/// least 0 whatever rounding makes of it. With momentum μ, <c>u ← μ u + g / (√v + ε)</c> and <c>w ← w − lr · u</c>. v begins at 0 and is not corrected: the
/// first steps are longer, by <c>1 / √(1 − α)</c> at most.
/// </remarks>
public sealed class RegularizedRmsProp : RegularizedOptimizer, optim.IMomentum
{
    private const int Square = 0;
    private const int Velocity = 1;
    private const int Mean = 2;

    /// <summary>Steps groups that are regularized differently: <c>new RegularizedRmsProp(model.ParameterGroups(), 1e-3)</c>.</summary>
    /// <param name="groups">The parameters in groups; no parameter twice.</param>
    /// <param name="learningRate">The learning rate lr, at least 0.</param>
    /// <param name="alpha">How much of the mean v of squared gradients is kept in a step, in [0, 1).</param>
    /// <param name="eps">ε, added to √v; at least 0.</param>
    /// <param name="momentum">How much of the velocity is kept in a step, at least 0.</param>
    /// <param name="centered">Whether gradients are divided by their standard deviation.</param>
    /// <param name="maximize">Whether to climb instead of to descend.</param>
    /// <param name="gradientClip">A bound on the norm of all gradients together.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside of its range.</exception>
    /// <exception cref="ArgumentException">A parameter appears twice.</exception>
    public RegularizedRmsProp(
        IEnumerable<RegularizedGroup> groups,
        double learningRate = 1e-2,
        double alpha = 0.99,
        double eps = 1e-8,
        double momentum = 0,
        bool centered = false,
        bool maximize = false,
        GradientClip? gradientClip = null)
        : base(gradientClip) => Start(
        groups,
        learningRate,
        new RmsPropOptions
        {
            Alpha = BelowOne(alpha, nameof(alpha)),
            Eps = AtLeastZero(eps, nameof(eps)),
            Momentum = AtLeastZero(momentum, nameof(momentum)),
            Centered = centered,
            Maximize = maximize,
        });

    /// <summary>Steps all parameters alike, with the arguments of <c>torch.optim.RMSProp</c> in their order. The decay is decoupled.</summary>
    /// <param name="parameters">The parameters; none twice.</param>
    /// <param name="learningRate">The learning rate lr, at least 0.</param>
    /// <param name="alpha">How much of the mean v of squared gradients is kept in a step, in [0, 1).</param>
    /// <param name="eps">ε, added to √v; at least 0.</param>
    /// <param name="weightDecay">Decoupled decay of every parameter, biases included, at least 0.</param>
    /// <param name="momentum">How much of the velocity is kept in a step, at least 0.</param>
    /// <param name="centered">Whether gradients are divided by their standard deviation.</param>
    /// <param name="maximize">Whether to climb instead of to descend.</param>
    /// <param name="l1">Proximal L1 of every parameter, at least 0.</param>
    /// <param name="gradientClip">A bound on the norm of all gradients together.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside of its range.</exception>
    /// <exception cref="ArgumentException">A parameter appears twice.</exception>
    public RegularizedRmsProp(
        IEnumerable<Parameter> parameters,
        double learningRate = 1e-2,
        double alpha = 0.99,
        double eps = 1e-8,
        double weightDecay = 0,
        double momentum = 0,
        bool centered = false,
        bool maximize = false,
        double l1 = 0,
        GradientClip? gradientClip = null)
        : this(Alike(parameters, weightDecay, l1), learningRate, alpha, eps, momentum, centered, maximize, gradientClip)
    {
    }

    /// <summary>The momentum that groups added from now on start with; that of present groups is in <see cref="optim.Optimizer.ParamGroups"/>.</summary>
    public double Momentum
    {
        get => ((MomentumOptions)_defaults).Momentum;
        set => ((MomentumOptions)_defaults).Momentum = value;
    }

    private protected override int TensorsInState => 3;

    private protected override void Update(MethodGroup group, Parameter parameter, Tensor gradient, RegularizedState state)
    {
        var options = (RmsPropOptions)group.Options;
        state.Step++;
        using var rate = group.Rate.ToScalar();
        using var size = Size(gradient, state, options);
        if (options.Momentum == 0)
        {
            parameter.addcdiv_(gradient, size, rate);
            return;
        }

        using var keep = options.Momentum.ToScalar();
        parameter.add_(state.OrZeros(Velocity).mul_(keep).addcdiv_(gradient, size, Scalars.One), rate);
    }

    /// <summary>What a gradient is divided by: a new tensor.</summary>
    private static Tensor Size(Tensor gradient, RegularizedState state, RmsPropOptions options)
    {
        using var keep = options.Alpha.ToScalar();
        using var take = (1 - options.Alpha).ToScalar();
        using var eps = options.Eps.ToScalar();
        var square = state.OrZeros(Square).mul_(keep).addcmul_(gradient, gradient, take);
        if (!options.Centered)
        {
            return square.sqrt().add_(eps, Scalars.One);
        }

        var mean = state.OrZeros(Mean).mul_(keep).add_(gradient, take);
        using var minus = (-1.0).ToScalar();
        return square.addcmul(mean, mean, minus).clamp_min_(Scalars.Zero).sqrt_().add_(eps, Scalars.One);
    }

    private protected override unsafe bool TryLocate(MethodGroup group, RegularizedState state, ref TensorEntry entry)
    {
        var options = (RmsPropOptions)group.Options;
        var moves = options.Momentum != 0;
        entry.Kind = (options.Centered, moves) switch
        {
            (false, false) => UpdateKind.RmsProp,
            (false, true) => UpdateKind.RmsPropMomentum,
            (true, false) => UpdateKind.CenteredRmsProp,
            (true, true) => UpdateKind.CenteredRmsPropMomentum,
        };
        entry.Pointers.SecondMoment = state.Floats(Square, entry.Count);
        entry.Pointers.FirstMoment = moves ? state.Floats(Velocity, entry.Count) : null;
        entry.Pointers.GradientMean = options.Centered ? state.Floats(Mean, entry.Count) : null;
        return entry.Pointers.SecondMoment is not null && (entry.Pointers.FirstMoment is not null || !moves)
            && (entry.Pointers.GradientMean is not null || !options.Centered);
    }

    private protected override void Advance(MethodGroup group, RegularizedState state, ref UpdateCoefficients coefficients)
    {
        var options = (RmsPropOptions)group.Options;
        state.Step++;
        coefficients.Rate = (float)group.Rate;
        coefficients.Beta1 = (float)options.Momentum;
        coefficients.GradientFactor = 1;
        coefficients.Beta2 = (float)options.Alpha;
        coefficients.SquareFactor = (float)(1 - options.Alpha);
        coefficients.InverseRootCorrection = 1;
        coefficients.Epsilon = (float)options.Eps;
    }

    private sealed class RmsPropOptions : MomentumOptions
    {
        internal double Alpha { get; set; }

        internal double Eps { get; set; }

        internal bool Centered { get; set; }

        private protected override void Exchange(MethodNumbers numbers)
        {
            Momentum = numbers.Of(Momentum);
            Alpha = numbers.Of(Alpha);
            Eps = numbers.Of(Eps);
            Centered = numbers.Of(Centered);
        }
    }
}
