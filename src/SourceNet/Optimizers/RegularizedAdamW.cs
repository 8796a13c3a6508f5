using SourceNet.Kernels.Steps;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019, <see href="https://arxiv.org/abs/1711.05101"/>) with proximal L1 and constraints in the step, and with AMSGrad (Reddi et al. 2018).
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

    private readonly AdamOptions defaults;

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
        : base(gradientClip)
    {
        ArgumentNullException.ThrowIfNull(groups);
        defaults = new()
        {
            LearningRate = CheckedLearningRate(learningRate),
            InitialLearningRate = learningRate,
            Beta1 = BelowOne(beta1, nameof(beta1)),
            Beta2 = BelowOne(beta2, nameof(beta2)),
            Eps = AtLeastZero(eps, nameof(eps)),
            AmsGrad = amsgrad,
            Maximize = maximize,
        };
        _defaults = defaults;
        foreach (var group in groups)
        {
            AddGroup(group);
        }
    }

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
        : this([new("parameters", new() { WeightDecay = weightDecay, L1 = l1 }, [.. parameters])], learningRate, beta1, beta2, eps, amsgrad, maximize, gradientClip)
    {
    }

    /// <summary>The decay rates that groups added from now on start with; those of present groups are in <see cref="optim.Optimizer.ParamGroups"/>.</summary>
    public (double, double) Betas
    {
        get => (defaults.Beta1, defaults.Beta2);
        set => (defaults.Beta1, defaults.Beta2) = value;
    }

    private protected override OptimizerOptions CreateOptions() => defaults.Copy();

    private protected override Group CreateGroup(RegularizedGroup declared, OptimizerOptions options) => new AdamGroup(declared, (AdamOptions)options);

    private protected override RegularizedState CreateState(Parameter parameter) => new RegularizedState(parameter, count: 3);

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

    private protected override unsafe bool TryLocate(Group group, RegularizedState state, ref StepSlot slot)
    {
        var largest = ((AdamOptions)group.Options).AmsGrad;
        slot.Rule = largest ? StepRule.AmsGrad : StepRule.Adam;
        slot.First = state.Floats(First, slot.Count);
        slot.Second = state.Floats(Second, slot.Count);
        slot.Largest = largest ? state.Floats(Largest, slot.Count) : null;
        return slot.First is not null && slot.Second is not null && (slot.Largest is not null || !largest);
    }

    private protected override void Advance(Group group, RegularizedState state, ref StepNumbers numbers)
    {
        var options = (AdamOptions)group.Options;
        state.Step++;
        numbers.FirstKept = (float)options.Beta1;
        numbers.FirstTaken = (float)(options.Maximize ? options.Beta1 - 1 : 1 - options.Beta1);
        numbers.SecondKept = (float)options.Beta2;
        numbers.SecondTaken = (float)(1 - options.Beta2);
        numbers.InverseRootCorrection = (float)(1 / Math.Sqrt(1 - Math.Pow(options.Beta2, state.Step)));
        numbers.Epsilon = (float)options.Eps;
        numbers.Rate = (float)(-group.LearningRate / (1 - Math.Pow(options.Beta1, state.Step)));
    }

    private sealed class AdamGroup(RegularizedGroup declared, AdamOptions options) : Group(declared, options), optim.IBetas
    {
        public (double, double) Betas
        {
            get => (options.Beta1, options.Beta2);
            set => (options.Beta1, options.Beta2) = value;
        }
    }

    private sealed class AdamOptions : OptimizerOptions
    {
        internal double Beta1 { get; set; }

        internal double Beta2 { get; set; }

        internal double Eps { get; set; }

        internal bool AmsGrad { get; set; }

        internal bool Maximize { get; set; }

        internal AdamOptions Copy() => (AdamOptions)MemberwiseClone();

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(Beta1);
            writer.Write(Beta2);
            writer.Write(Eps);
            writer.Write(AmsGrad);
            writer.Write(Maximize);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            Beta1 = reader.ReadDouble();
            Beta2 = reader.ReadDouble();
            Eps = reader.ReadDouble();
            AmsGrad = reader.ReadBoolean();
            Maximize = reader.ReadBoolean();
        }

        public override void LoadStateDict(OptimizerOptions source)
        {
            if (source is not AdamOptions other)
            {
                throw new ArgumentException($"The options are those of another optimizer ({source?.GetType().Name ?? "null"}).", nameof(source));
            }

            base.LoadStateDict(source);
            (Beta1, Beta2, Eps, AmsGrad, Maximize) = (other.Beta1, other.Beta2, other.Eps, other.AmsGrad, other.Maximize);
        }
    }
}
