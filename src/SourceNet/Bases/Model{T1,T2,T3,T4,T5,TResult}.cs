using System.ComponentModel;
using SourceNet.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>The base of declared models whose <c>forward</c> takes five tensors. All else is as in <see cref="Model"/>.</summary>
/// <typeparam name="T1">What the forward takes, in order: a <see cref="Tensor"/>, or one that may be null.</typeparam>
/// <typeparam name="T2">What the forward takes, in order: a <see cref="Tensor"/>, or one that may be null.</typeparam>
/// <typeparam name="T3">What the forward takes, in order: a <see cref="Tensor"/>, or one that may be null.</typeparam>
/// <typeparam name="T4">What the forward takes, in order: a <see cref="Tensor"/>, or one that may be null.</typeparam>
/// <typeparam name="T5">What the forward takes, in order: a <see cref="Tensor"/>, or one that may be null.</typeparam>
/// <typeparam name="TResult">What the forward gives: a <see cref="Tensor"/>, or a tuple of them.</typeparam>
public abstract class Model<T1, T2, T3, T4, T5, TResult> : nn.Module<T1, T2, T3, T4, T5, TResult>, IModel, IParameterOwner
{
    private readonly ModelParts parts = new();

    /// <inheritdoc cref="Model()"/>
    protected Model() : base(nameof(Model))
    {
        name = GetType().Name;
        RegisterLayers(new LayerRegistry(this));
    }

    /// <inheritdoc/>
    public abstract RegularizationPlan RegularizationPlan { get; }

    /// <inheritdoc/>
    public virtual DeclaredTraining DeclaredTraining => DeclaredTraining.None;

    /// <inheritdoc/>
    public IReadOnlyList<FrozenPart> FrozenParts => parts.Frozen;

    /// <inheritdoc cref="Model.LayerDescriptions"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract IReadOnlyList<LayerDescription> LayerDescriptions { get; }

    /// <inheritdoc cref="Model.Arguments"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected virtual IReadOnlyList<(string Name, object? Value)> Arguments => [];

    /// <inheritdoc cref="Model.GradientClip"/>
    protected virtual GradientClip? GradientClip => null;

    /// <inheritdoc cref="IModel.OutputNames"/>
    /// <remarks>Generated code overrides it.</remarks>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected virtual IReadOnlyList<string> OutputNames => [""];

    /// <summary>How many targets <c>Loss</c> takes.</summary>
    /// <remarks>Generated code overrides it.</remarks>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected virtual int TargetCount => 1;

    /// <inheritdoc/>
    public abstract IReadOnlyList<RegularizedGroup> ParameterGroups(WeightRegularization? inherited = null);

    /// <inheritdoc cref="Model.train"/>
    public override void train(bool on = true)
    {
        base.train(on);
        parts.KeepFrozen(on);
    }

    /// <inheritdoc cref="Model.load_state_dict"/>
    public override (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
        Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return base.load_state_dict(ModelState.WithoutAliases(this, source, skip), strict, skip);
    }

    /// <inheritdoc cref="Model.RegisterLayers"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract void RegisterLayers(LayerRegistry layers);

    /// <inheritdoc cref="IModel.LossOf"/>
    /// <remarks>Generated code overrides it, and calls the model's <c>Loss</c>.</remarks>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract Tensor LossOf(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> targets, Tensor? weights);

    /// <summary>Does nothing: everything is registered by name already.</summary>
    protected sealed override void RegisterComponents() { }

    /// <inheritdoc cref="Model._toEpilog"/>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        parts.Owned.Convert(this, ReplaceParameter, ReplaceBuffer, dtype, device);
        base._toEpilog(dtype, device, non_blocking);
    }

    ModelParts IModel.Parts => parts;

    GradientClip? IModel.DeclaredClip => GradientClip;

    IReadOnlyList<LayerDescription> IModel.DeclaredLayers => LayerDescriptions;

    IReadOnlyList<(string Name, object? Value)> IModel.DeclaredArguments => Arguments;

    IReadOnlyList<string> IModel.OutputNames => OutputNames;

    IReadOnlyList<Tensor> IModel.Run(IReadOnlyList<Tensor?> inputs) => Signature.Tensors(
        call(
            Signature.At<T1>(this, inputs, 0, 5),
            Signature.At<T2>(this, inputs, 1, 5),
            Signature.At<T3>(this, inputs, 2, 5),
            Signature.At<T4>(this, inputs, 3, 5),
            Signature.At<T5>(this, inputs, 4, 5)));

    Tensor IModel.LossOf(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> targets, Tensor? weights)
    {
        Signature.CheckTargets(this, targets, TargetCount);
        return LossOf(outputs, targets, weights);
    }

    OwnedTensors IParameterOwner.Owned => parts.Owned;

    void IParameterOwner.Place(string name, Parameter parameter) => ConditionallyRegisterParameter(name, parameter);

    void IParameterOwner.PlaceBuffer(string name, Tensor buffer) => ConditionallyRegisterBuffer(name, buffer, true);
}
