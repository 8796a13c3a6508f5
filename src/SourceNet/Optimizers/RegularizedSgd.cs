using SourceNet.Kernels.Updates;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>
/// Stochastic gradient descent with momentum (Sutskever et al. 2013), and with decoupled decay, proximal L1 and constraints in the step.
/// With L1 it is the proximal gradient method (ISTA; Beck and Teboulle 2009). Without regularization it steps as <c>torch.optim.SGD</c> does, whose decay is
/// coupled.
/// </summary>
/// <remarks>
/// Decay and L1 act on the weights and not on the momentum. In the long run momentum μ counts each gradient 1/(1 − μ) times, decay and L1 once:
/// the minimum is that of <c>loss + (1 − μ) · (decay/2 · Σ w² + l1 · Σ |w|)</c>.
/// </remarks>
public sealed class RegularizedSgd : RegularizedOptimizer, optim.IMomentum
{
    private const int Velocity = 0;

    /// <summary>Steps groups that are regularized differently: <c>new RegularizedSgd(model.ParameterGroups(), 0.1, momentum: 0.9)</c>.</summary>
    /// <param name="groups">The parameters in groups; no parameter twice.</param>
    /// <param name="learningRate">The learning rate lr, at least 0.</param>
    /// <param name="momentum">How much of the velocity is kept in a step, at least 0.</param>
    /// <param name="dampening">How much of the gradient is kept from the velocity, finite.</param>
    /// <param name="nesterov">Whether to look ahead along the velocity (Nesterov 1983); it needs momentum and no dampening.</param>
    /// <param name="maximize">Whether to climb instead of to descend.</param>
    /// <param name="gradientClip">A bound on the norm of all gradients together.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside of its range.</exception>
    /// <exception cref="ArgumentException">A parameter appears twice, or Nesterov without momentum or with dampening.</exception>
    public RegularizedSgd(
        IEnumerable<RegularizedGroup> groups,
        double learningRate,
        double momentum = 0,
        double dampening = 0,
        bool nesterov = false,
        bool maximize = false,
        GradientClip? gradientClip = null)
        : base(gradientClip)
    {
        if (nesterov && (momentum <= 0 || dampening != 0))
        {
            throw new ArgumentException("Nesterov momentum needs momentum above 0 and no dampening.", nameof(nesterov));
        }

        if (!double.IsFinite(dampening))
        {
            throw new ArgumentOutOfRangeException(nameof(dampening), dampening, "The value must be finite.");
        }

        var options = new SgdOptions
        {
            Momentum = AtLeastZero(momentum, nameof(momentum)),
            Dampening = dampening,
            Nesterov = nesterov,
            Maximize = maximize,
        };
        Start(groups, learningRate, options);
    }

    /// <summary>Steps all parameters alike, with the arguments of <c>torch.optim.SGD</c> in their order. The decay is decoupled.</summary>
    /// <param name="parameters">The parameters; none twice.</param>
    /// <param name="learningRate">The learning rate lr, at least 0.</param>
    /// <param name="momentum">How much of the velocity is kept in a step, at least 0.</param>
    /// <param name="dampening">How much of the gradient is kept from the velocity, finite.</param>
    /// <param name="weightDecay">Decoupled decay of every parameter, biases included, at least 0.</param>
    /// <param name="nesterov">Whether to look ahead along the velocity (Nesterov 1983); it needs momentum and no dampening.</param>
    /// <param name="maximize">Whether to climb instead of to descend.</param>
    /// <param name="l1">Proximal L1 of every parameter, at least 0.</param>
    /// <param name="gradientClip">A bound on the norm of all gradients together.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside of its range.</exception>
    /// <exception cref="ArgumentException">A parameter appears twice, or Nesterov without momentum or with dampening.</exception>
    public RegularizedSgd(
        IEnumerable<Parameter> parameters,
        double learningRate,
        double momentum = 0,
        double dampening = 0,
        double weightDecay = 0,
        bool nesterov = false,
        bool maximize = false,
        double l1 = 0,
        GradientClip? gradientClip = null)
        : this(Alike(parameters, weightDecay, l1), learningRate, momentum, dampening, nesterov, maximize, gradientClip)
    {
    }

    /// <summary>The momentum that groups added from now on start with; that of present groups is in <see cref="optim.Optimizer.ParamGroups"/>.</summary>
    public double Momentum
    {
        get => ((MomentumOptions)_defaults).Momentum;
        set => ((MomentumOptions)_defaults).Momentum = value;
    }

    private protected override int TensorsInState => 1;

    private protected override void Update(MethodGroup group, Parameter parameter, Tensor gradient, RegularizedState state)
    {
        var options = (SgdOptions)group.Options;
        using var rate = group.Rate.ToScalar();
        if (options.Momentum == 0)
        {
            parameter.add_(gradient, rate);
            return;
        }

        var velocity = Accelerated(state, gradient, options);
        if (!options.Nesterov)
        {
            parameter.add_(velocity, rate);
            return;
        }

        using var ahead = (group.Rate * options.Momentum).ToScalar();
        parameter.add_(gradient, rate).add_(velocity, ahead);
    }

    /// <summary>The velocity after this gradient; as in PyTorch the first gradient is not dampened.</summary>
    private static Tensor Accelerated(RegularizedState memory, Tensor gradient, SgdOptions options)
    {
        var velocity = memory.OrZeros(Velocity);
        if (memory.Step++ == 0)
        {
            return velocity.copy_(gradient);
        }

        using var keep = options.Momentum.ToScalar();
        using var take = (1 - options.Dampening).ToScalar();
        return velocity.mul_(keep).add_(gradient, take);
    }

    private protected override unsafe bool TryLocate(MethodGroup group, RegularizedState state, ref TensorEntry entry)
    {
        var options = (SgdOptions)group.Options;
        if (options.Momentum == 0)
        {
            entry.Kind = UpdateKind.Descent;
            return true;
        }

        entry.Kind = options.Nesterov ? UpdateKind.Nesterov : UpdateKind.Momentum;
        entry.Pointers.FirstMoment = state.Floats(Velocity, entry.Count);
        return entry.Pointers.FirstMoment is not null;
    }

    private protected override void Advance(MethodGroup group, RegularizedState state, ref UpdateCoefficients coefficients)
    {
        var options = (SgdOptions)group.Options;
        coefficients.Rate = (float)group.Rate;
        coefficients.NesterovRatio = (float)options.Momentum;
        if (options.Momentum != 0)
        {
            var isFirst = state.Step++ == 0;
            coefficients.Beta1 = isFirst ? 0 : (float)options.Momentum;
            coefficients.GradientFactor = isFirst ? 1 : (float)(1 - options.Dampening);
        }
    }

    private sealed class SgdOptions : MomentumOptions
    {
        internal double Dampening { get; set; }

        internal bool Nesterov { get; set; }

        private protected override void Exchange(MethodNumbers numbers)
        {
            Momentum = numbers.Of(Momentum);
            Dampening = numbers.Of(Dampening);
            Nesterov = numbers.Of(Nesterov);
        }
    }
}
