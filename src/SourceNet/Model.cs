using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>The base of every declared model: an ordinary TorchSharp module whose layers, regularizers and objective are known.</summary>
/// <remarks>
/// The generator derives from it. Layers are registered by name without reflection, so that the state dict is complete under trimming and native AOT too.
/// </remarks>
public abstract class Model : nn.Module<Tensor, Tensor>, IParameterOwner
{
    /// <summary>Registers the layers. The derived class's fields are initialized by now.</summary>
    /// <exception cref="InvalidOperationException">A layer is null, or two layers have one name.</exception>
    protected Model() : base(nameof(Model))
    {
        name = GetType().Name;
        RegisterLayers(new LayerRegistry(this));
    }

    /// <summary>Every regularizer of this model.</summary>
    public abstract RegularizationPlan RegularizationPlan { get; }

    /// <summary>Every layer in the order of the forward pass, also those without a module.</summary>
    protected abstract IReadOnlyList<LayerDescription> Layers { get; }

    /// <summary>The values behind the names that shapes and strengths mention: the model's constructor arguments.</summary>
    protected virtual IReadOnlyList<(string Name, object? Value)> Arguments => [];

    /// <summary>How gradients are clipped before the optimizer's step; null for not at all.</summary>
    protected virtual GradientClip? GradientClip => null;

    /// <summary>Registers every module and parameter by its state-dict path. Called once, by the constructor.</summary>
    protected abstract void RegisterLayers(LayerRegistry layers);

    /// <summary>The parameters in groups that the optimizer regularizes alike. Every parameter is in one group.</summary>
    /// <param name="inherited">What holds where the model itself says nothing: the defaults of the model that it is part of.</param>
    public abstract IReadOnlyList<RegularizedGroup> ParameterGroups(WeightRegularization? inherited = null);

    /// <summary>The objective with its label smoothing and penalties, as declared.</summary>
    /// <param name="logits">What <c>forward</c> gave.</param>
    /// <param name="targets">What it should have given: class indices, probabilities or values, as the objective takes them.</param>
    /// <returns>A scalar to call <c>backward()</c> on.</returns>
    public abstract Tensor Loss(Tensor logits, Tensor targets);

    internal Dictionary<string, string> Ties { get; } = [];

    OwnedParameters IParameterOwner.Owned { get; } = new();

    void IParameterOwner.Place(string name, Parameter parameter) => ConditionallyRegisterParameter(name, parameter);

    /// <summary>Does nothing: everything is registered by name already.</summary>
    protected sealed override void RegisterComponents() { }

    /// <summary>Converts or moves parameters and buffers, and puts the new parameters into the fields that hold them.</summary>
    /// <exception cref="InvalidOperationException">A parameter must be replaced, but was registered without a way to set its field.</exception>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        ((IParameterOwner)this).Owned.Convert(this, ReplaceParameter, dtype, device);
        base._toEpilog(dtype, device, non_blocking);
    }
}
