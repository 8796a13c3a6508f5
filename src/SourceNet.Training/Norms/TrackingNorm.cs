using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>A norm that keeps running statistics: a batch norm, or an instance norm that was asked to.</summary>
/// <param name="Path">Its path from the model.</param>
/// <param name="Norm">The norm.</param>
/// <param name="Mean">Its running mean.</param>
/// <param name="Variance">Its running variance.</param>
internal sealed record TrackingNorm(string Path, NormBase Norm, Tensor Mean, Tensor Variance)
{
    /// <summary>Those in a module, each once.</summary>
    internal static IReadOnlyList<TrackingNorm> In(nn.Module model)
    {
        List<TrackingNorm> found = [];
        foreach (var (path, module) in model.named_modules().Prepend((name: "", module: model)).DistinctBy(pair => pair.module))
        {
            if (module is NormBase { running_mean: { } mean, running_var: { } variance } norm)
            {
                found.Add(new(path, norm, mean, variance));
            }
        }

        return found;
    }
}
