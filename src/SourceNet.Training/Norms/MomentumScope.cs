namespace SourceNet.Training;

/// <summary>Lets norms follow each batch by another momentum. Each gets its own back in the end.</summary>
internal sealed class MomentumScope(IReadOnlyList<TrackingNorm> norms) : IDisposable
{
    private readonly double?[] own = [.. norms.Select(tracking => tracking.Norm.momentum)];

    /// <param name="momentum">How much of a batch's statistics goes into the running ones, in (0, 1].</param>
    internal void Set(double momentum)
    {
        foreach (var tracking in norms)
        {
            tracking.Norm.momentum = momentum;
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
