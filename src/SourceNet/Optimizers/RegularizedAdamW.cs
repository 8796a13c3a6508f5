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
public sealed class RegularizedAdamW : RegularizedOptimizer, optim.IBetas
{
    private const int First = 0;
    private const int Second = 1;
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
        new AdamOptions
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
        : this([new("parameters", new() { WeightDecay = weightDecay, L1 = l1 }, [.. parameters])], learningRate, beta1, beta2, eps, amsgrad, maximize,
            gradientClip)
    {
    }

    /// <summary>The decay rates that groups added from now on start with; those of present groups are in <see cref="optim.Optimizer.ParamGroups"/>.</summary>
    public (double, double) Betas
    {
        get => (Defaults.Beta1, Defaults.Beta2);
        set => (Defaults.Beta1, Defaults.Beta2) = value;
    }

    private protected override int TensorsInState => 3;

    private AdamOptions Defaults => (AdamOptions)_defaults;

    private protected override Group CreateGroup(RegularizedGroup declared, OptimizerOptions options) => new AdamGroup(declared, (AdamOptions)options);

    private protected override void Update(Group group, Parameter parameter, Tensor gradient, RegularizedState memory)
    {
        var options = (AdamOptions)group.Options;
        memory.Step++;
        var correction1 = 1 - Math.Pow(options.Beta1, memory.Step);
        var correction2 = 1 - Math.Pow(options.Beta2, memory.Step);

        using var keep1 = options.Beta1.ToScalar();
        using var take1 = (options.Maximize ? options.Beta1 - 1 : 1 - options.Beta1).ToScalar();
        using var keep2 = options.Beta2.ToScalar();
        using var take2 = (1 - options.Beta2).ToScalar();
        using var root2 = Math.Sqrt(correction2).ToScalar();
        using var eps = options.Eps.ToScalar();
        using var rate = (-group.LearningRate / correction1).ToScalar();

        var first = memory.OrZeros(First).mul_(keep1).add_(gradient, take1);
        var second = memory.OrZeros(Second).mul_(keep2).addcmul_(gradient, gradient, take2);
        if (options.AmsGrad)
        {
            second = memory.OrZeros(Largest).clamp_(min: second);
        }

        using var denominator = second.sqrt();
        denominator.div_(root2).add_(eps, Scalars.One);
        parameter.addcdiv_(first, denominator, rate);
    }

    private protected override unsafe bool TryLocate(Group group, RegularizedState state, ref TensorEntry entry)
    {
        var largest = ((AdamOptions)group.Options).AmsGrad;
        entry.Kind = largest ? UpdateKind.AmsGrad : UpdateKind.Adam;
        entry.Pointers.FirstMoment = state.Floats(First, entry.Count);
        entry.Pointers.SecondMoment = state.Floats(Second, entry.Count);
        entry.Pointers.MaxSecondMoment = largest ? state.Floats(Largest, entry.Count) : null;
        return entry.Pointers.FirstMoment is not null && entry.Pointers.SecondMoment is not null && (entry.Pointers.MaxSecondMoment is not null || !largest);
    }

    private protected override void Advance(Group group, RegularizedState state, ref UpdateCoefficients coefficients)
    {
        var options = (AdamOptions)group.Options;
        state.Step++;
        coefficients.Beta1 = (float)options.Beta1;
        coefficients.GradientFactor = (float)(options.Maximize ? options.Beta1 - 1 : 1 - options.Beta1);
        coefficients.Beta2 = (float)options.Beta2;
        coefficients.SquareFactor = (float)(1 - options.Beta2);
        coefficients.InverseRootCorrection = (float)(1 / Math.Sqrt(1 - Math.Pow(options.Beta2, state.Step)));
        coefficients.Epsilon = (float)options.Eps;
        coefficients.Rate = (float)(-group.LearningRate / (1 - Math.Pow(options.Beta1, state.Step)));
    }

    private sealed class AdamGroup(RegularizedGroup declared, AdamOptions options) : Group(declared, options), optim.IBetas
    {
        public (double, double) Betas
        {
            get => (options.Beta1, options.Beta2);
            set => (options.Beta1, options.Beta2) = value;
        }
    }

    private sealed class AdamOptions : MethodOptions
    {
        internal double Beta1 { get; set; }

        internal double Beta2 { get; set; }

        internal double Eps { get; set; }

        internal bool AmsGrad { get; set; }

        private protected override void Save(BinaryWriter writer)
        {
            writer.Write(Beta1);
            writer.Write(Beta2);
            writer.Write(Eps);
            writer.Write(AmsGrad);
        }

        private protected override void Load(BinaryReader reader)
        {
            Beta1 = reader.ReadDouble();
            Beta2 = reader.ReadDouble();
            Eps = reader.ReadDouble();
            AmsGrad = reader.ReadBoolean();
        }
    }
}
