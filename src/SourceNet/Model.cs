using System.ComponentModel;
using SourceNet.CompilerServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>The base of every declared model: an ordinary TorchSharp module whose layers, regularizers and objective are known.</summary>
/// <remarks>
/// The generator derives from it. Layers are registered by name without reflection, so that the state dict is complete under trimming and native AOT too.
/// </remarks>
public abstract class Model : nn.Module<Tensor, Tensor>, IModel, IParameterOwner
{
    private readonly ModelParts parts = new();

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
    /// <remarks>Generated code overrides it.</remarks>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract IReadOnlyList<LayerDescription> LayerDescriptions { get; }

    /// <summary>The values behind the names that shapes and strengths mention: the model's constructor arguments.</summary>
    /// <remarks>Generated code overrides it.</remarks>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected virtual IReadOnlyList<(string Name, object? Value)> Arguments => [];

    /// <summary>How gradients are clipped before the optimizer's step; null for not at all.</summary>
    protected virtual GradientClip? GradientClip => null;

    /// <summary>
    /// What the model declares about its training: averages of its weights, mixed batches, early stopping. Constants of the class, or of its constructor
    /// arguments.
    /// </summary>
    public virtual DeclaredTraining DeclaredTraining => DeclaredTraining.None;

    /// <summary>What is declared as frozen, in order of declaration. Models inside have lists of their own.</summary>
    public IReadOnlyList<FrozenPart> FrozenParts => parts.Frozen;

    /// <summary>Puts the model into train or eval mode; what is frozen stays in eval mode.</summary>
    /// <param name="on">Whether it is train mode.</param>
    public override void train(bool on = true)
    {
        base.train(on);
        parts.KeepFrozen(on);
    }

    /// <summary>Registers every module and parameter by its state-dict path. Called once, by the constructor.</summary>
    /// <remarks>Generated code overrides it.</remarks>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract void RegisterLayers(LayerRegistry layers);

    /// <summary>The parameters in groups that the optimizer regularizes alike. Every parameter is in one group.</summary>
    /// <param name="inherited">What holds where the model itself says nothing: the defaults of the model that it is part of.</param>
    public abstract IReadOnlyList<RegularizedGroup> ParameterGroups(WeightRegularization? inherited = null);

    /// <summary>The objective with its label smoothing and penalties, as declared.</summary>
    /// <param name="logits">What <c>forward</c> gave.</param>
    /// <param name="targets">What it should have given: class indices, probabilities or values, as the objective takes them.</param>
    /// <returns>A scalar to call <c>backward()</c> on.</returns>
    public abstract Tensor Loss(Tensor logits, Tensor targets);

    /// <summary>The objective with its label smoothing and penalties, as declared; its mean is weighted by how much samples count.</summary>
    /// <param name="logits">What <c>forward</c> gave.</param>
    /// <param name="targets">What it should have given.</param>
    /// <param name="weights">
    /// How much each sample counts, <c>[N]</c>, or each place that has a loss of its own; at least 0. Null if all count alike. The mean is
    /// <c>Σ(w · loss) / Σw</c>, weights of classes multiplied in.
    /// </param>
    /// <returns>A scalar to call <c>backward()</c> on; not a number where nothing counts.</returns>
    /// <exception cref="NotSupportedException">There are weights, and the class has a <c>Loss</c> of its own, which takes none.</exception>
    public virtual Tensor Loss(Tensor logits, Tensor targets, Tensor? weights) => weights is null
        ? Loss(logits, targets)
        : throw new NotSupportedException($"{GetType().Name} has a Loss of its own, which takes no weights of samples.");

    /// <summary>An AdamW over <see cref="ParameterGroups"/> that regularizes and clips as the model declares.</summary>
    /// <inheritdoc cref="RegularizedAdamW(IEnumerable{RegularizedGroup}, double, double, double, double, bool, bool, GradientClip?)" path="/param|/exception"/>
    public RegularizedAdamW CreateOptimizer(
        double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, bool amsgrad = false) =>
        ModelServices.CreateOptimizer(this, learningRate, beta1, beta2, eps, amsgrad);

    /// <summary>A stochastic gradient descent over <see cref="ParameterGroups"/> that regularizes and clips as the model declares.</summary>
    /// <inheritdoc cref="RegularizedSgd(IEnumerable{RegularizedGroup}, double, double, double, bool, bool, GradientClip?)" path="/param|/exception"/>
    public RegularizedSgd CreateSgd(double learningRate, double momentum = 0, double dampening = 0, bool nesterov = false) =>
        ModelServices.CreateSgd(this, learningRate, momentum, dampening, nesterov);

    /// <summary>An optimizer of another method over <see cref="ParameterGroups"/> that regularizes and clips as the model declares.</summary>
    /// <typeparam name="TOptimizer">Any optimizer of SourceNet.</typeparam>
    /// <param name="create">Makes it over the groups: <c>groups =&gt; new RegularizedLion(groups, 1e-4)</c>. A clipping that it sets itself stands.</param>
    public TOptimizer CreateOptimizer<TOptimizer>(Func<IReadOnlyList<RegularizedGroup>, TOptimizer> create)
        where TOptimizer : RegularizedOptimizer => ModelServices.CreateOptimizer(this, create);

    /// <summary>
    /// Puts the whole model into eval mode until the scope is disposed; then each module gets its own earlier mode back, a frozen batch norm too.
    /// </summary>
    public IDisposable EvalScope() => ModuleModes.EvalScope(this);

    /// <summary>Puts stochastic layers into train mode and all else into eval mode until the scope is disposed (Gal and Ghahramani 2016).</summary>
    public IDisposable MonteCarloDropout() => ModuleModes.MonteCarloDropout(this);

    /// <summary>Writes the state dict to a safetensors file, which PyTorch reads under the same names. The file is replaced at once or not at all.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="metadata">Names and values of text to store beside the tensors.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveSafetensors(string path, IReadOnlyDictionary<string, string>? metadata = null) =>
        ModelServices.SaveSafetensors(this, path, metadata);

    /// <summary>Reads the state dict from a safetensors file. Everything is checked and read before anything is changed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="strict">Whether names must match exactly. Types and shapes always must; convert the model first to load another type.</param>
    /// <returns>The names that did not match, if <paramref name="strict"/> is false.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SafetensorsException">The file is damaged or does not fit; the model is as it was.</exception>
    public LoadedState LoadSafetensors(string path, bool strict = true) => ModelServices.LoadSafetensors(this, path, strict);

    /// <summary>
    /// Reads weights from a safetensors file whose names, shapes or types are not all the model's: from another library, or for another head. Everything is
    /// checked and read before anything is changed.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How what the file has comes to what the model has.</param>
    /// <returns>What did not come from the file.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SafetensorsException">The file is damaged or does not fit, or a setting meets nothing; the model is as it was.</exception>
    public LoadedState LoadSafetensors(string path, LoadOptions options) => ModelServices.LoadSafetensors(this, path, options);

    /// <summary>Copies a state dict into the model. Names of tied parameters are accepted if their shape and values are the owner's.</summary>
    /// <inheritdoc/>
    public override (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
        Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return base.load_state_dict(ModelState.WithoutAliases(this, source, skip), strict, skip);
    }

    /// <summary>The layers with their output shapes, parameters and regularizers. Print it to see the table.</summary>
    public ModelSummary Summary() => ModelServices.Summary(this);

    /// <summary>
    /// The forward pass from a residual sum that is left open to another one. A model has it that ends with a residual and begins with what a kernel computes
    /// together with a sum: models that follow one another in a stack are joined by it.
    /// </summary>
    /// <param name="input">The open sum; it is taken unless null is returned.</param>
    /// <returns>The model's own sum, open; null where only <c>forward</c> computes the model.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected virtual ResidualSum? ForwardSum(ResidualSum input) => null;

    /// <summary>The model from a sum to a sum: joined to its neighbors where it can be, else by a call, as it is where somebody hooked that.</summary>
    internal ResidualSum Continue(ResidualSum input)
    {
        if (pre_hooks.Count + post_hooks.Count + module_pre_hooks.Count + module_post_hooks.Count == 0 && ForwardSum(input) is { } sum)
        {
            return sum;
        }

        using var x = input.Value();
        return ResidualSum.Taking(call(x));
    }

    ModelParts IModel.Parts => parts;

    GradientClip? IModel.DeclaredClip => GradientClip;

    IReadOnlyList<LayerDescription> IModel.DeclaredLayers => LayerDescriptions;

    IReadOnlyList<(string Name, object? Value)> IModel.DeclaredArguments => Arguments;

    IReadOnlyList<string> IModel.OutputNames => [""];

    IReadOnlyList<Tensor> IModel.Run(IReadOnlyList<Tensor?> inputs) => [call(Signature.At<Tensor>(this, inputs, 0, 1))];

    Tensor IModel.LossOf(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> targets, Tensor? weights)
    {
        Signature.CheckTargets(this, targets, 1);
        return weights is null ? Loss(outputs[0], targets[0]) : Loss(outputs[0], targets[0], weights);
    }

    OwnedTensors IParameterOwner.Owned => parts.Owned;

    void IParameterOwner.Place(string name, Parameter parameter) => ConditionallyRegisterParameter(name, parameter);

    void IParameterOwner.PlaceBuffer(string name, Tensor buffer) => ConditionallyRegisterBuffer(name, buffer, true);

    /// <summary>Does nothing: everything is registered by name already.</summary>
    protected sealed override void RegisterComponents() { }

    /// <summary>Converts or moves parameters and buffers, and puts the new ones into the fields that hold them.</summary>
    /// <exception cref="InvalidOperationException">A parameter or buffer must be replaced, but was registered without a way to set its field.</exception>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        parts.Owned.Convert(this, ReplaceParameter, ReplaceBuffer, dtype, device);
        base._toEpilog(dtype, device, non_blocking);
    }
}
