using SourceNet.CompilerServices;
using SourceNet.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>A parameter and the layer that it belongs to.</summary>
/// <param name="Layer">The layer's path; for parameters of the model itself, the model's name.</param>
/// <param name="Path">The parameter's own path.</param>
/// <param name="Parameter">The parameter.</param>
/// <param name="IsWeight">
/// Whether it multiplies inputs: it has at least two axes and is not part of a norm. Biases, norms and the slopes of activations are none.
/// </param>
internal sealed record LayerParameter(string Layer, string Path, Parameter Parameter, bool IsWeight)
{
    /// <summary>Every parameter of a model once: a tied one where it comes first.</summary>
    internal static IReadOnlyList<LayerParameter> In(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var parameters = model.named_modules().Prepend(("", model)).SelectMany(module => Own(model, module.Item1, module.Item2));
        return [.. parameters.DistinctBy(parameter => parameter.Parameter, SameMemory.Comparer)];
    }

    /// <summary>The absolute values. Half precision becomes float32, which compares with any threshold.</summary>
    internal Tensor Magnitudes()
    {
        using var noGradient = no_grad();
        using var magnitudes = Parameter.abs();
        return magnitudes.to(magnitudes.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? ScalarType.Float32 : magnitudes.dtype, copy: true);
    }

    private static IEnumerable<LayerParameter> Own(nn.Module model, string path, nn.Module module) =>
        from pair in module.named_parameters(recurse: false)
        let own = path.Length == 0 ? pair.name : $"{path}.{pair.name}"
        select new LayerParameter(path.Length == 0 ? model.GetName() : path, own, pair.parameter, pair.parameter.ndim >= 2 && !IsNorm(module));

    private static bool IsNorm(nn.Module module) => module is NormBase or LayerNorm or GroupNorm or RMSNorm or WeightNorm;
}
