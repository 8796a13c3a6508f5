using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>
/// A gradient step with the declared regularization in it. Each step, for every parameter that has a gradient and is not frozen: the gradients of all groups are clipped together;
/// decoupled weight decay, <c>w ← w − lr · decay · w</c>; the step of the derived class; proximal L1, <c>w ← sign(w) · max(|w| − lr · l1, 0)</c>; the constraints.
/// </summary>
/// <remarks>
/// Learning-rate schedulers, <c>state_dict</c> and <c>save_state_dict</c> are TorchSharp's. The state holds learning rates, the numbers of the method and its moments;
/// regularization belongs to the groups that the optimizer is built from and is not saved.
/// </remarks>
public abstract class RegularizedOptimizer : OptimizerHelper
{
    private readonly HashSet<IntPtr> known = [];
    private readonly List<Pending> pending = [];

    private protected RegularizedOptimizer(GradientClip? gradientClip)
    {
        _parameter_groups = new List<ParamGroup>();
        GradientClip = gradientClip;
    }

    /// <summary>How gradients are clipped before each step; null for not at all. Gradients that are too long are scaled in place, as <c>clip_grad_norm_</c> does.</summary>
    public GradientClip? GradientClip { get; set; }

    /// <summary>The groups, in the order of <see cref="optim.Optimizer.ParamGroups"/>.</summary>
    public IReadOnlyList<RegularizedGroup> Groups => [.. _parameter_groups.Cast<Group>().Select(group => group.Declared)];

    /// <summary>Adds parameters, such as a layer that is no longer frozen.</summary>
    /// <param name="group">The parameters and what is done to them.</param>
    /// <param name="learningRate">The group's learning rate, at least 0; the optimizer's if null.</param>
    /// <exception cref="ArgumentException">A parameter belongs to a group already.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A learning rate that is negative or no number.</exception>
    public void AddGroup(RegularizedGroup group, double? learningRate = null)
    {
        ArgumentNullException.ThrowIfNull(group);
        var options = CreateOptions();
        options.LearningRate = CheckedLearningRate(learningRate ?? options.LearningRate!.Value);
        options.InitialLearningRate = options.LearningRate.Value;

        foreach (var parameter in group.Parameters)
        {
            if (!known.Add(parameter.Handle))
            {
                throw new ArgumentException($"A parameter of shape {Shapes.Text(parameter.shape)} in the group '{group.Name}' belongs to a group already: it would be updated twice in a step.", nameof(group));
            }

            _state.Add(parameter.Handle, CreateState(parameter));
        }

        _parameter_groups.Add(CreateGroup(group, options));
    }

    /// <summary>Adds parameters without regularization. To add some with it, use <see cref="AddGroup"/>.</summary>
    /// <param name="param_group">The parameters, with a learning rate if it is not the optimizer's.</param>
    /// <exception cref="ArgumentException">The group brings options of another optimizer, or a parameter belongs to a group already.</exception>
    public override void add_param_group(ParamGroup param_group)
    {
        ArgumentNullException.ThrowIfNull(param_group);
        if (param_group.Options is { } options && options.GetType() != typeof(OptimizerOptions))
        {
            throw new ArgumentException($"The group has the options of another optimizer ({options.GetType()}), which {GetType().Name} cannot follow. Use AddGroup.", nameof(param_group));
        }

        AddGroup(new($"group {_parameter_groups.Count}", WeightRegularization.None, [.. param_group.Parameters]), param_group.Options?.LearningRate);
    }

    /// <summary>Clips, decays, steps, shrinks and constrains. Gradients stay until <see cref="zero_grad"/>.</summary>
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
            ClipGradients();
            foreach (var (group, parameter, gradient) in pending)
            {
                Regularize(group, parameter, gradient);
            }
        }
        finally
        {
            foreach (var (_, _, gradient) in pending)
            {
                gradient.Dispose();
            }

            pending.Clear();
        }

        return loss;
    }

    /// <summary>Removes the gradients, as <c>Module.zero_grad()</c> does: a parameter that the next backward pass does not reach is left alone by the next step.</summary>
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
            ((IDisposable)state).Dispose();
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
        foreach (var group in _parameter_groups.Cast<Group>())
        {
            foreach (var parameter in group.Declared.Parameters)
            {
                if (parameter.IsInvalid)
                {
                    throw new InvalidOperationException(
                        $"A parameter of the group '{group.Declared.Name}' was disposed. Moving or converting a model with .to() replaces its parameters: build the optimizer afterwards.");
                }

                if (parameter.requires_grad && parameter.grad is { } gradient)
                {
                    pending.Add(new(group, parameter, gradient));
                    if (gradient.is_sparse)
                    {
                        throw new InvalidOperationException($"A parameter of the group '{group.Declared.Name}' has a sparse gradient, and {GetType().Name} takes dense ones: create the embedding with sparse: false.");
                    }
                }
            }
        }
    }

    private void ClipGradients()
    {
        if (GradientClip is not { } clip || pending.Count == 0)
        {
            return;
        }

        // As in clip_grad_norm_, which keeps gradients of norm 0 away from a division by 0.
        var ratio = clip.MaxNorm / (GlobalNorm() + 1e-6);
        if (ratio >= 1)
        {
            return;
        }

        using var scale = ratio.ToScalar();
        foreach (var (_, _, gradient) in pending)
        {
            gradient.mul_(scale);
        }
    }

    private double GlobalNorm()
    {
        using var scope = NewDisposeScope();
        var first = linalg.vector_norm(pending[0].Gradient);
        var norms = pending.Skip(1).Select(one => linalg.vector_norm(one.Gradient).to(first.dtype, first.device));
        return linalg.vector_norm(stack([first, .. norms])).ToDouble();
    }

    private void Regularize(Group group, Parameter parameter, Tensor gradient)
    {
        var learningRate = group.LearningRate;
        var regularization = group.Declared.Regularization;
        if (regularization.WeightDecay is > 0 and var decay)
        {
            using var factor = (1 - learningRate * decay).ToScalar();
            parameter.mul_(factor);
        }

        Update(group, parameter, gradient, _state[parameter.Handle]);

        if (regularization.L1 is > 0 and var l1)
        {
            Shrink(parameter, learningRate * l1);
        }

        regularization.Constraint?.Apply(parameter);
    }

    /// <summary>The proximal operator of the L1 norm. What lies within the threshold minus itself is exactly 0.</summary>
    private static void Shrink(Parameter parameter, double threshold)
    {
        using var low = (-threshold).ToScalar();
        using var high = threshold.ToScalar();
        using var inside = parameter.clamp(low, high);
        parameter.sub_(inside);
    }

    private protected static double CheckedLearningRate(double learningRate) => AtLeastZero(learningRate, nameof(learningRate));

    private protected static double AtLeastZero(double value, string name) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "The value must be at least 0 and finite.");

    private protected static double BelowOne(double value, string name) =>
        value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(name, value, "The value must be at least 0 and below 1.");

    /// <summary>New options with the optimizer's own numbers.</summary>
    private protected abstract OptimizerOptions CreateOptions();

    private protected abstract Group CreateGroup(RegularizedGroup declared, OptimizerOptions options);

    private protected abstract OptimizerState CreateState(Parameter parameter);

    /// <summary>Follows the gradient, in place and outside of its graph.</summary>
    private protected abstract void Update(Group group, Parameter parameter, Tensor gradient, OptimizerState state);

    private protected class Group : ParamGroup
    {
        internal Group(RegularizedGroup declared, OptimizerOptions options)
        {
            Declared = declared;
            Parameters = declared.Parameters;
            Options = options;
        }

        internal RegularizedGroup Declared { get; }
    }

    private readonly record struct Pending(Group Group, Parameter Parameter, Tensor Gradient);
}
