using static TorchSharp.torch;

namespace SourceNet;

/// <summary>What every declared model offers, whatever its <c>forward</c> takes and gives.</summary>
public static class ModelServices
{
    /// <summary>An AdamW over the model's groups that regularizes and clips as the model declares.</summary>
    /// <param name="model">The model.</param>
    /// <param name="learningRate">The learning rate, above 0.</param>
    /// <param name="beta1">How much of the mean gradient stays from step to step, in [0, 1).</param>
    /// <param name="beta2">How much of the mean square stays, in [0, 1).</param>
    /// <param name="eps">What is added to the root of the mean square, at least 0.</param>
    /// <param name="amsgrad">Whether the largest mean square so far is taken.</param>
    public static RegularizedAdamW CreateOptimizer(
        this IModel model, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, bool amsgrad = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(model.ParameterGroups(), learningRate, beta1, beta2, eps, amsgrad, gradientClip: model.DeclaredClip);
    }

    /// <summary>A stochastic gradient descent over the model's groups that regularizes and clips as the model declares.</summary>
    /// <param name="model">The model.</param>
    /// <param name="learningRate">The learning rate, above 0.</param>
    /// <param name="momentum">How much of the last step goes on, at least 0.</param>
    /// <param name="dampening">How much of the gradient is left out of the momentum.</param>
    /// <param name="nesterov">Whether the momentum looks ahead.</param>
    public static RegularizedSgd CreateSgd(
        this IModel model, double learningRate, double momentum = 0, double dampening = 0, bool nesterov = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(model.ParameterGroups(), learningRate, momentum, dampening, nesterov, gradientClip: model.DeclaredClip);
    }

    /// <inheritdoc cref="Model.CreateOptimizer{TOptimizer}"/>
    /// <param name="model">The model.</param>
    /// <param name="create">Makes it over the groups: <c>groups =&gt; new RegularizedLion(groups, 1e-4)</c>. A clipping that it sets itself stands.</param>
    public static TOptimizer CreateOptimizer<TOptimizer>(this IModel model, Func<IReadOnlyList<RegularizedGroup>, TOptimizer> create)
        where TOptimizer : RegularizedOptimizer
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(create);
        var optimizer = create(model.ParameterGroups());
        optimizer.GradientClip ??= model.DeclaredClip;
        return optimizer;
    }

    /// <inheritdoc cref="Model.SaveSafetensors"/>
    /// <param name="model">The model.</param>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="metadata">Names and values of text to store beside the tensors.</param>
    public static void SaveSafetensors(this IModel model, string path, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Safetensors.Write(path, ModelParts.ModuleOf(model).state_dict(), metadata);
    }

    /// <inheritdoc cref="Model.LoadSafetensors(string, bool)"/>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="strict">Whether names must match exactly. Types and shapes always must; convert the model first to load another type.</param>
    public static LoadedState LoadSafetensors(this IModel model, string path, bool strict = true)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelState.LoadSafetensors(model, path, new LoadOptions { Strict = strict });
    }

    /// <inheritdoc cref="Model.LoadSafetensors(string, LoadOptions)"/>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">How what the file has comes to what the model has.</param>
    public static LoadedState LoadSafetensors(this IModel model, string path, LoadOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        return ModelState.LoadSafetensors(model, path, options);
    }

    /// <inheritdoc cref="Model.Summary"/>
    /// <param name="model">The model.</param>
    public static ModelSummary Summary(this IModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return SummaryBuilder.Build(model);
    }
}
