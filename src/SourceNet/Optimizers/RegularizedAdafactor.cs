using SourceNet.Kernels.Updates;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>
/// Adafactor (Shazeer and Stern 2018, <see href="https://arxiv.org/abs/1804.04235"/>): the second moment of a weight is kept as the means of its rows and of
/// its columns, which takes next to no memory. With decoupled decay, proximal L1 and constraints in the step.
/// </summary>
/// <remarks><para>
/// Of a weight, read as a matrix <c>[out, in·k…]</c>, with <c>β̂ = 1 − t^(−0.8)</c>: <c>R ← β̂ R + (1 − β̂) · (mean of g² + ε₁ over each row)</c>, C in the
/// same way over columns, <c>v̂ = R C / mean(R)</c>.
/// Parameters of fewer than two axes keep all of v. Then <c>u = g / √v̂</c>, clipped, <c>u ← u / max(1, RMS(u) / d)</c>, and <c>w ← w − step · u</c> with
/// <c>step = max(ε₂, RMS(w)) · min(lr, 1/√t)</c>. There is no first moment, as the paper proposes. Means stand for the paper's sums, which gives the same v̂.
/// </para><para>
/// Decay and the threshold of L1 are <c>lr · decay</c> and <c>lr · l1</c>, whatever the size of the step. RMS(w) is that of the decayed weight.
/// </para><para>
/// The step is composed of TorchSharp's operators for every parameter: what it must know first (rows, columns, two root mean squares) takes passes of its own.
/// </para></remarks>
public sealed class RegularizedAdafactor : RegularizedOptimizer
{
    private const int Rows = 0;
    private const int Columns = 1;
    private const int All = 2;

    /// <summary>Steps groups that are regularized differently: <c>new RegularizedAdafactor(model.ParameterGroups())</c>.</summary>
    /// <param name="groups">The parameters in groups; no parameter twice.</param>
    /// <param name="learningRate">The learning rate lr, at least 0: the largest step relative to a parameter's size, or the step itself.</param>
    /// <param name="relativeStep">
    /// Whether steps are relative to the root mean square of a parameter and become shorter as 1/√t; if not, the step is lr, and schedules alone change it.
    /// </param>
    /// <param name="beta2Decay">How fast β̂ comes near to 1, the 0.8 in 1 − t^(−0.8); above 0.</param>
    /// <param name="eps1">ε₁, added to squared gradients; above 0.</param>
    /// <param name="eps2">ε₂, the least size of a parameter that steps are relative to; at least 0.</param>
    /// <param name="clipThreshold">d, the largest root mean square of a direction; above 0.</param>
    /// <param name="maximize">Whether to climb instead of to descend.</param>
    /// <param name="gradientClip">A bound on the norm of all gradients together.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside of its range.</exception>
    /// <exception cref="ArgumentException">A parameter appears twice.</exception>
    public RegularizedAdafactor(
        IEnumerable<RegularizedGroup> groups,
        double learningRate = 1e-2,
        bool relativeStep = true,
        double beta2Decay = 0.8,
        double eps1 = 1e-30,
        double eps2 = 1e-3,
        double clipThreshold = 1,
        bool maximize = false,
        GradientClip? gradientClip = null)
        : base(gradientClip) => Start(
        groups,
        learningRate,
        new AdafactorOptions
        {
            RelativeStep = relativeStep,
            Beta2Decay = AboveZero(beta2Decay, nameof(beta2Decay)),
            Eps1 = AboveZero(eps1, nameof(eps1)),
            Eps2 = AtLeastZero(eps2, nameof(eps2)),
            ClipThreshold = AboveZero(clipThreshold, nameof(clipThreshold)),
            Maximize = maximize,
        });

    /// <summary>Steps all parameters alike.</summary>
    /// <param name="parameters">The parameters; none twice.</param>
    /// <param name="learningRate">The learning rate lr, at least 0: the largest step relative to a parameter's size, or the step itself.</param>
    /// <param name="relativeStep">
    /// Whether steps are relative to the root mean square of a parameter and become shorter as 1/√t; if not, the step is lr, and schedules alone change it.
    /// </param>
    /// <param name="beta2Decay">How fast β̂ comes near to 1, the 0.8 in 1 − t^(−0.8); above 0.</param>
    /// <param name="eps1">ε₁, added to squared gradients; above 0.</param>
    /// <param name="eps2">ε₂, the least size of a parameter that steps are relative to; at least 0.</param>
    /// <param name="clipThreshold">d, the largest root mean square of a direction; above 0.</param>
    /// <param name="weightDecay">Decoupled decay of every parameter, biases included, at least 0.</param>
    /// <param name="maximize">Whether to climb instead of to descend.</param>
    /// <param name="l1">Proximal L1 of every parameter, at least 0.</param>
    /// <param name="gradientClip">A bound on the norm of all gradients together.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside of its range.</exception>
    /// <exception cref="ArgumentException">A parameter appears twice.</exception>
    public RegularizedAdafactor(
        IEnumerable<Parameter> parameters,
        double learningRate = 1e-2,
        bool relativeStep = true,
        double beta2Decay = 0.8,
        double eps1 = 1e-30,
        double eps2 = 1e-3,
        double clipThreshold = 1,
        double weightDecay = 0,
        bool maximize = false,
        double l1 = 0,
        GradientClip? gradientClip = null)
        : this(Alike(parameters, weightDecay, l1), learningRate, relativeStep, beta2Decay, eps1, eps2, clipThreshold, maximize, gradientClip)
    {
    }

    private protected override int TensorsInState => 3;

    private protected override long[] ShapeInState(int index, Parameter parameter) => index switch
    {
        Rows when IsFactored(parameter) => [parameter.size(0), 1],
        Columns when IsFactored(parameter) => [1, parameter.numel() / parameter.size(0)],
        _ => parameter.shape,
    };

    private protected override void Update(MethodGroup group, Parameter parameter, Tensor gradient, RegularizedState state)
    {
        if (parameter.numel() == 0)
        {
            return;
        }

        var options = (AdafactorOptions)group.Options;
        state.Step++;
        using var scope = NewDisposeScope();
        using var step = StepSize(group, state).ToScalar();
        var direction = IsFactored(parameter) ? Factored(gradient, state, options) : Unfactored(gradient, state, options);
        using var inverse = (1 / options.ClipThreshold).ToScalar();
        direction.div_(RootMeanSquare(direction).mul_(inverse).clamp_min_(Scalars.One));
        if (options.RelativeStep)
        {
            using var least = options.Eps2.ToScalar();
            direction.mul_(RootMeanSquare(parameter).clamp_min_(least));
        }

        parameter.add_(direction, step);
    }

    private protected override bool TryLocate(MethodGroup group, RegularizedState state, ref TensorEntry entry) => false;

    /// <summary>Never called: no kernel takes a parameter.</summary>
    private protected override void Advance(MethodGroup group, RegularizedState state, ref UpdateCoefficients coefficients) =>
        throw new InvalidOperationException("Adafactor has no kernel.");

    private static bool IsFactored(Tensor parameter) => parameter.ndim >= 2 && parameter.numel() > 0;

    /// <summary>With its sign: what a weight moves along the direction, before its own size counts.</summary>
    private static double StepSize(MethodGroup group, RegularizedState state) =>
        ((AdafactorOptions)group.Options).RelativeStep ? Math.CopySign(Math.Min(group.LearningRate, 1 / Math.Sqrt(state.Step)), group.Rate) : group.Rate;

    /// <summary>The gradient by the root of a second moment of rows and columns.</summary>
    private static Tensor Factored(Tensor gradient, RegularizedState state, AdafactorOptions options)
    {
        var matrix = gradient.reshape(gradient.shape[0], -1);
        var square = Square(matrix, options);
        var rows = Average(state.OrZeros(Rows), square.mean([1], keepdim: true), state, options);
        var columns = Average(state.OrZeros(Columns), square.mean([0], keepdim: true), state, options);
        // Root by root: the product of two small means is none that float32 has.
        var direction = matrix.mul(rows.div(rows.mean()).rsqrt_()).mul_(columns.rsqrt());
        return direction.reshape(gradient.shape);
    }

    private static Tensor Unfactored(Tensor gradient, RegularizedState state, AdafactorOptions options) =>
        gradient.mul(Average(state.OrZeros(All), Square(gradient, options), state, options).rsqrt());

    private static Tensor Square(Tensor gradient, AdafactorOptions options)
    {
        using var eps = options.Eps1.ToScalar();
        return gradient.pow(Scalars.Two).add_(eps, Scalars.One);
    }

    private static Tensor Average(Tensor average, Tensor value, RegularizedState state, AdafactorOptions options)
    {
        var taken = Math.Pow(state.Step, -options.Beta2Decay);
        using var keep = (1 - taken).ToScalar();
        using var take = taken.ToScalar();
        return average.mul_(keep).add_(value, take);
    }

    private static Tensor RootMeanSquare(Tensor values)
    {
        using var inverse = (1 / Math.Sqrt(values.numel())).ToScalar();
        return L2Norm.Of(values).mul_(inverse);
    }

    private sealed class AdafactorOptions : MethodOptions
    {
        internal bool RelativeStep { get; set; }

        internal double Beta2Decay { get; set; }

        internal double Eps1 { get; set; }

        internal double Eps2 { get; set; }

        internal double ClipThreshold { get; set; }

        private protected override void Exchange(MethodNumbers numbers)
        {
            RelativeStep = numbers.Of(RelativeStep);
            Beta2Decay = numbers.Of(Beta2Decay);
            Eps1 = numbers.Of(Eps1);
            Eps2 = numbers.Of(Eps2);
            ClipThreshold = numbers.Of(ClipThreshold);
        }
    }
}
