using TorchSharp.Modules;

namespace SourceNet.Training;

/// <summary>Lets norms follow each batch by another momentum. Each gets its own back in the end.</summary>
internal sealed class MomentumScope(IReadOnlyList<(string Path, NormBase Norm)> norms) : IDisposable
{
    private readonly double?[] own = [.. norms.Select(pair => pair.Norm.momentum)];

    /// <param name="momentum">How much of a batch's statistics goes into the running ones, in (0, 1].</param>
    internal void Set(double momentum)
    {
        foreach (var (_, norm) in norms)
        {
            norm.momentum = momentum;
        }
    }

    public void Dispose()
    {
        for (var index = 0; index < own.Length; index++)
        {
            norms[index].Norm.momentum = own[index];
        }
    }
}
