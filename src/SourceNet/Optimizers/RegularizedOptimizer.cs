using SourceNet.CompilerServices;
using SourceNet.Kernels;
using SourceNet.Kernels.Native;
using SourceNet.Kernels.Updates;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>
/// A gradient step with the declared regularization in it. Each step, for every parameter that has a gradient and is not frozen: the gradients of all groups
/// are clipped together;
/// decoupled weight decay, <c>w ← w − lr · decay · w</c>; the step of the derived class; proximal L1, <c>w ← sign(w) · max(|w| − lr · l1, 0)</c>; the
/// constraints. Of a weight with weight norm or spectral norm
/// decay, L1 and constraints act on the weight that is used.
/// </summary>
/// <remarks><para>
/// Float32 parameters on the CPU that are contiguous, as their gradients, take one pass of a vectorized kernel over all of them together (LAMB two, and
/// Adafactor has none); every other parameter takes the same mathematics
/// operator by operator. Which it is, is decided at each step.
/// </para><para>
/// Learning-rate schedulers, <c>state_dict</c> and <c>save_state_dict</c> are TorchSharp's. The state holds learning rates, the numbers of the method and its
/// moments;
/// regularization belongs to the groups that the optimizer is built from and is not saved.
/// </para></remarks>
public abstract class RegularizedOptimizer : OptimizerHelper
{
    private readonly Dictionary<Tensor, string> known = new(SameMemory.Comparer);
    private readonly List<Fused> fused = [];
    private readonly List<Composed> composed = [];
    private readonly List<Used> used = [];
    private readonly MultiTensorList list = new();

    private protected RegularizedOptimizer(GradientClip? gradientClip)
    {
        _parameter_groups = new List<ParamGroup>();
        GradientClip = gradientClip;
    }

    /// <summary>
    /// How gradients are clipped on their way into each step; null for not at all. The step follows the scaled gradients of <c>clip_grad_norm_</c>, but
    /// <c>grad</c> itself keeps its values.
    /// </summary>
    public GradientClip? GradientClip { get; set; }

    /// <summary>Whether kernels may take the parameters they can.</summary>
    internal bool UsesFusedKernels { get; set; } = FusedKernels.AreAllowed && NativeTensor.IsAvailable;

    /// <summary>How many parameters they took in the last step.</summary>
    internal int FusedParameters { get; private set; }

    /// <summary>The groups, in the order of <see cref="optim.Optimizer.ParamGroups"/>.</summary>
    public IReadOnlyList<RegularizedGroup> Groups => [.. _parameter_groups.Cast<MethodGroup>().Select(group => group.Declared)];

    /// <summary>Adds parameters, such as a layer that is no longer frozen.</summary>
    /// <param name="group">The parameters and what is done to them.</param>
    /// <param name="learningRate">The learning rate, at least 0; the optimizer's if null. The group's own factor multiplies it.</param>
    /// <remarks>A weight that the group has under two names, as <c>head.weight = embed.weight</c> makes it, is stepped once.</remarks>
    /// <exception cref="ArgumentException">
    /// A parameter belongs to a group already, or a regularizer can change nothing of a weight with spectral norm.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A learning rate that is negative or no number.</exception>
    public void AddGroup(RegularizedGroup group, double? learningRate = null)
    {
        ArgumentNullException.ThrowIfNull(group);
        var options = ((MethodOptions)_defaults).Copy();
        options.LearningRate = CheckedLearningRate(learningRate ?? options.LearningRate!.Value) * group.LearningRateFactor;
        options.InitialLearningRate = options.LearningRate.Value;

        var own = new Dictionary<Tensor, Parameter>(SameMemory.Comparer);
        foreach (var parameter in group.Parameters)
        {
            if (known.TryGetValue(parameter, out var other) || (own.TryGetValue(parameter, out var same) && same.Handle == parameter.Handle))
            {
                throw new ArgumentException(
                    $"A parameter of shape {Shapes.Text(parameter.shape)} in the group '{group.Name}' belongs to a group already ('{other ?? group.Name}'): "
                        + "it would be updated twice in a step.", nameof(group));
            }

            WeightTransforms.CheckActs(parameter, group.Regularization, group.Name);
            own.TryAdd(parameter, parameter);
        }

        foreach (var parameter in own.Values)
        {
            known.Add(parameter, group.Name);
            long[][] shapes = [.. Enumerable.Range(0, TensorsInState).Select(index => ShapeInState(index, parameter))];
            _state.Add(parameter.Handle, new RegularizedState(parameter, shapes, NumbersInState));
        }

        // One weight under two names is one parameter.
        group = own.Count == group.Parameters.Count ? group : group.Only([.. own.Values]);
        _parameter_groups.Add(options.GroupOf(group));
    }

    /// <summary>Adds parameters without regularization. To add some with it, use <see cref="AddGroup"/>.</summary>
    /// <param name="param_group">The parameters, with a learning rate if it is not the optimizer's.</param>
    /// <exception cref="ArgumentException">The group brings options of another optimizer, or a parameter belongs to a group already.</exception>
    public override void add_param_group(ParamGroup param_group)
    {
        ArgumentNullException.ThrowIfNull(param_group);
        if (param_group.Options is { } options && options.GetType() != typeof(OptimizerOptions))
        {
            throw new ArgumentException(
                $"The group has the options of another optimizer ({options.GetType()}), which {GetType().Name} cannot follow. Use AddGroup.",
                nameof(param_group));
        }

        AddGroup(new($"group {_parameter_groups.Count}", WeightRegularization.None, [.. param_group.Parameters]), param_group.Options?.LearningRate);
    }

    /// <summary>Clips, decays, steps, shrinks and constrains. Gradients stay as they are until <see cref="zero_grad"/>.</summary>
    /// <param name="closure">Computes the loss and its gradients anew; it runs once, before the step.</param>
    /// <returns>What the closure returned; null without one.</returns>
    /// <exception cref="InvalidOperationException">A parameter was disposed since the optimizer was built, or a gradient is sparse.</exception>
    public override Tensor? step(Func<Tensor>? closure = null)
    {
        var loss = Evaluate(closure);
        using var noGradient = no_grad();
        try
        {
            CollectGradients();
            var scale = GradientScale();
            DecayUsed();
            StepFused(scale);
            StepComposed(scale);
            ConstrainUsed();
        }
        finally
        {
            ReleaseGradients();
        }

        return loss;
    }

    /// <summary>
    /// Removes the gradients, as <c>Module.zero_grad()</c> does: a parameter that the next backward pass does not reach is left alone by the next step.
    /// </summary>
    public override void zero_grad()
    {
        foreach (var parameter in parameters())
        {
            parameter.grad = null;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
        {
            return;
        }

        foreach (var (_, state) in _state)
        {
            ((RegularizedState)state).Dispose();
        }
    }

    private static Tensor? Evaluate(Func<Tensor>? closure)
    {
        if (closure is null)
        {
            return null;
        }

        using var gradient = enable_grad();
        return closure();
    }

    private void CollectGradients()
    {
        foreach (var paramGroup in _parameter_groups)
        {
            var group = (MethodGroup)paramGroup;
            foreach (var parameter in group.Declared.Parameters)
            {
                if (parameter.IsInvalid)
                {
                    throw new InvalidOperationException(
                        $"A parameter of the group '{group.Declared.Name}' was disposed. "
                        + "Moving or converting a model with .to() replaces its parameters: build the optimizer afterwards.");
                }

                if (UsesFusedKernels)
                {
                    CollectByHandle(group, parameter);
                }
                else if (parameter.requires_grad && parameter.grad is { } gradient)
                {
                    NoteUsed(group, parameter);
                    Compose(group, parameter, gradient);
                }
            }
        }

        FusedParameters = fused.Count;
    }

    /// <summary>As reading <c>requires_grad</c> and <c>grad</c>, without the new Tensor that <c>grad</c> makes at each read.</summary>
    private void CollectByHandle(MethodGroup group, Parameter parameter)
    {
        var handle = parameter.Handle;
        if (!NativeTensor.RequiresGrad(handle))
        {
            return;
        }

        var gradient = NativeTensor.Gradient(handle);
        if (gradient == 0)
        {
            return;
        }

        NoteUsed(group, parameter);
        var state = (RegularizedState)_state[handle];
        if (Locate(handle, gradient) is { } entry && TryLocate(group, state, ref entry))
        {
            fused.Add(new(group, parameter, state, gradient));
            list.Add(entry);
        }
        else
        {
            Compose(group, parameter, Tensor.UnsafeCreateTensor(gradient));
        }
    }

    private void Compose(MethodGroup group, Parameter parameter, Tensor gradient)
    {
        composed.Add(new(group, parameter, gradient));
        if (gradient.is_sparse)
        {
            throw new InvalidOperationException($"A parameter of the group '{group.Declared.Name}' has a sparse gradient, "
                + $"and {GetType().Name} takes dense ones: create the embedding with sparse: false.");
        }
    }

    /// <summary>What kernels can read: float32 on the CPU, one element after the other, with a gradient of the same shape. Null for everything else.</summary>
    private static unsafe TensorEntry? Locate(nint parameter, nint gradient)
    {
        var entry = new TensorEntry
        {
            Pointers = new() { Weight = NativeTensor.Floats(parameter), Gradient = NativeTensor.Floats(gradient) },
            Count = NativeTensor.Count(parameter),
        };
        return entry.Pointers.Weight is null || entry.Pointers.Gradient is null || NativeTensor.Dimensions(parameter) == 0
            || !NativeTensor.HaveOneShape(parameter, gradient) ? null : entry;
    }

    /// <summary>What every gradient is multiplied with on its way into the step; 1 where nothing is clipped.</summary>
    private double GradientScale()
    {
        if (GradientClip is not { } clip || fused.Count + composed.Count == 0)
        {
            return 1;
        }

        // As in clip_grad_norm_, which keeps gradients of norm 0 away from a division by 0. Not-a-number makes all of them not-a-number, there as here.
        var ratio = clip.MaxNorm / (GlobalNorm() + 1e-6);
        return ratio >= 1 ? 1 : ratio;
    }

    private double GlobalNorm()
    {
        var squares = list.SquaredGradients();
        if (composed.Count > 0)
        {
            using var scope = NewDisposeScope();
            // In float64: the square of a large gradient overflows in its own type, and the step would be 0.
            var first = L2Norm.Of(composed[0].Gradient.to(ScalarType.Float64));
            var norms = composed.Skip(1).Select(one => L2Norm.Of(one.Gradient.to(ScalarType.Float64)).to(first.device));
            var norm = L2Norm.Of(stack([first, .. norms])).ToDouble();
            squares += norm * norm;
        }

        return Math.Sqrt(squares);
    }

    private void StepFused(double scale)
    {
        if (fused.Count == 0)
        {
            return;
        }

        CountVersions();
        for (var index = 0; index < fused.Count; index++)
        {
            var (group, _, state, _) = fused[index];
            ref var coefficients = ref list[index].Coefficients;
            var regularization = OwnRegularization(group, fused[index].Parameter);
            var decay = regularization.WeightDecay ?? 0;
            coefficients.Decay = DecaysInDirection ? (float)decay : 0;
            coefficients.DecayFactor = DecaysInDirection ? 1 : (float)(1 - (group.LearningRate * decay));
            coefficients.Threshold = (float)(group.LearningRate * (regularization.L1 ?? 0));
            coefficients.LowerBound = regularization.Constraint?.Floor ?? float.NegativeInfinity;
            Advance(group, state, ref coefficients);
        }

        if (MeasuresFirst)
        {
            list.Measure((float)scale);
            for (var index = 0; index < fused.Count; index++)
            {
                list[index].Coefficients.Rate *= (float)RateFactor(fused[index].Group, fused[index].Parameter, list.Measured(index));
            }
        }

        list.Step((float)scale);
        foreach (var (group, parameter, _, _) in fused)
        {
            if (OwnRegularization(group, parameter).Constraint is { IsFloor: false } constraint)
            {
                constraint.Apply(parameter);
            }
        }
    }

    /// <summary>
    /// Kernels write behind autograd's back. The first time of each parameter goes through an operator, which throws for one that must not be written to.
    /// </summary>
    private void CountVersions()
    {
        var inference = is_inference_mode_enabled();
        foreach (var (_, parameter, state, _) in fused)
        {
            if (state.MayBeWritten && !inference)
            {
                VersionCounter.Bump(parameter);
                continue;
            }

            VersionCounter.BumpByView(parameter);
            state.MayBeWritten = !inference;
        }
    }

    private void StepComposed(double scale)
    {
        foreach (var (group, parameter, gradient) in composed)
        {
            if (scale == 1)
            {
                Regularize(group, parameter, gradient);
                continue;
            }

            using var factor = scale.ToScalar();
            using var scaled = gradient.mul(factor);
            Regularize(group, parameter, scaled);
        }
    }

    private void Regularize(MethodGroup group, Parameter parameter, Tensor gradient)
    {
        var learningRate = group.LearningRate;
        var regularization = OwnRegularization(group, parameter);
        if (!DecaysInDirection && regularization.WeightDecay is > 0 and var decay)
        {
            using var factor = (1 - learningRate * decay).ToScalar();
            parameter.mul_(factor);
        }

        Update(group, parameter, gradient, (RegularizedState)_state[parameter.Handle]);

        if (regularization.L1 is > 0 and var l1)
        {
            Shrink(parameter, learningRate * l1);
        }

        regularization.Constraint?.Apply(parameter);
    }

    /// <summary>What is done to the parameter itself: nothing, where a layer takes its length away before it is used.</summary>
    private protected static WeightRegularization OwnRegularization(MethodGroup group, Parameter parameter) =>
        group.Regularizes && WeightTransforms.Of(parameter) is not null ? WeightRegularization.None : group.Declared.Regularization;

    private void NoteUsed(MethodGroup group, Parameter parameter)
    {
        if (group.Regularizes && WeightTransforms.Of(parameter) is { } transform)
        {
            used.Add(new(group, parameter, transform));
        }
    }

    private void DecayUsed()
    {
        foreach (var (group, _, transform) in used)
        {
            if (group.Declared.Regularization.WeightDecay is > 0 and var decay)
            {
                transform.Scale(1 - (group.LearningRate * decay));
            }
        }
    }

    /// <summary>Proximal L1 and constraints of the weight that is used, which depends on several parameters: after the steps of all of them.</summary>
    private void ConstrainUsed()
    {
        foreach (var (group, parameter, transform) in used)
        {
            var (l1, constraint) = (group.Declared.Regularization.L1 ?? 0, group.Declared.Regularization.Constraint);
            if (l1 > 0 || constraint is not (null or { IsFloor: true, Floor: float.NegativeInfinity }))
            {
                transform.Change(parameter, weight =>
                {
                    if (l1 > 0)
                    {
                        Shrink(weight, group.LearningRate * l1);
                    }

                    constraint?.ApplyTo(weight);
                });
            }
        }
    }

    private void ReleaseGradients()
    {
        used.Clear();
        foreach (var one in fused)
        {
            NativeTensor.Dispose(one.Gradient);
        }

        foreach (var one in composed)
        {
            one.Gradient.Dispose();
        }

        fused.Clear();
        composed.Clear();
        list.Clear();
    }

    /// <summary>The proximal operator of the L1 norm. What lies within the threshold minus itself is exactly 0.</summary>
    private static void Shrink(Tensor parameter, double threshold)
    {
        using var low = (-threshold).ToScalar();
        using var high = threshold.ToScalar();
        using var inside = parameter.clamp(low, high);
        parameter.sub_(inside);
    }

    /// <summary>All parameters in one group.</summary>
    private protected static RegularizedGroup[] Alike(IEnumerable<Parameter> parameters, double weightDecay, double l1) =>
        [new("parameters", new() { WeightDecay = weightDecay, L1 = l1 }, [.. parameters])];

    private protected static double CheckedLearningRate(double learningRate) => AtLeastZero(learningRate, nameof(learningRate));

    private protected static double AtLeastZero(double value, string name) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "The value must be at least 0 and finite.");

    private protected static double AboveZero(double value, string name) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "The value must be above 0 and finite.");

    private protected static double BelowOne(double value, string name) =>
        value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(name, value, "The value must be at least 0 and below 1.");

    /// <summary>Takes the numbers that groups begin with, then the groups. The last thing a constructor does.</summary>
    private protected void Start(IEnumerable<RegularizedGroup> groups, double learningRate, MethodOptions options)
    {
        ArgumentNullException.ThrowIfNull(groups);
        options.LearningRate = CheckedLearningRate(learningRate);
        options.InitialLearningRate = learningRate;
        _defaults = options;
        foreach (var group in groups)
        {
            AddGroup(group);
        }
    }

    /// <summary>How many tensors the method remembers of a parameter at most.</summary>
    private protected abstract int TensorsInState { get; }

    /// <summary>The shape of one of them.</summary>
    private protected virtual long[] ShapeInState(int index, Parameter parameter) => parameter.shape;

    /// <summary>How many numbers the method remembers of a parameter, 0 before its first step.</summary>
    private protected virtual int NumbersInState => 0;

    /// <summary>Whether the weight decay is part of the method's own direction, and not done beside it.</summary>
    private protected virtual bool DecaysInDirection => false;

    /// <summary>Whether the method must know the lengths of weights and directions before it moves anything.</summary>
    private protected virtual bool MeasuresFirst => false;

    /// <summary>What the rate of a parameter is multiplied with, by the squared lengths of its weights and of their direction.</summary>
    private protected virtual double RateFactor(MethodGroup group, Parameter parameter, SquaredLengths lengths) => 1;

    /// <summary>Follows the gradient, in place and outside of its graph, operator by operator.</summary>
    private protected abstract void Update(MethodGroup group, Parameter parameter, Tensor gradient, RegularizedState state);

    /// <summary>
    /// Chooses the kernel's rule and finds what it remembers, made if it is new. False if a tensor of the state is none that a kernel can read, or if there
    /// is no kernel.
    /// </summary>
    private protected abstract bool TryLocate(MethodGroup group, RegularizedState state, ref TensorEntry entry);

    /// <summary>Counts the step and gives the kernel the numbers of <see cref="Update"/>.</summary>
    private protected abstract void Advance(MethodGroup group, RegularizedState state, ref UpdateCoefficients coefficients);

    /// <summary>A parameter that the kernel steps, at the same index of the list.</summary>
    private readonly record struct Fused(MethodGroup Group, Parameter Parameter, RegularizedState State, nint Gradient);

    private readonly record struct Used(MethodGroup Group, Parameter Parameter, IWeightTransform Transform);

    private readonly record struct Composed(MethodGroup Group, Parameter Parameter, Tensor Gradient);
}
