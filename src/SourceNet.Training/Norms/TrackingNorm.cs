using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>The norms that keep running statistics: batch norms, and instance norms that were asked to.</summary>
internal static class TrackingNorm
{
    /// <summary>Those in a module, each once, by their paths.</summary>
    internal static IReadOnlyList<(string Path, NormBase Norm)> In(nn.Module model) =>
    [
        .. model.named_modules().Prepend(("", model))
            .Where(pair => pair.Item2 is NormBase { running_mean: not null, running_var: not null })
            .Select(pair => (pair.Item1, (NormBase)pair.Item2))
            .DistinctBy(pair => pair.Item2),
    ];
}
