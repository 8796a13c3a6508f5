using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Keeps the running statistics of norms, to put them back after a forward pass that must not have been.</summary>
internal sealed class NormStatistics : IDisposable
{
    private readonly List<(Tensor Own, Tensor Kept)> kept = [];

    internal NormStatistics(nn.Module model)
    {
        using var noGradient = no_grad();
        foreach (var tracking in TrackingNorm.In(model))
        {
            foreach (var own in new[] { tracking.Mean, tracking.Variance, tracking.Norm.num_batches_tracked })
            {
                if (own is not null)
                {
                    kept.Add((own, own.clone().DetachFromDisposeScope()));
                }
            }
        }
    }

    internal void Keep() => Copy(pair => pair.Kept.copy_(pair.Own));

    internal void Restore() => Copy(pair => pair.Own.copy_(pair.Kept));

    public void Dispose() => kept.ForEach(pair => pair.Kept.Dispose());

    private void Copy(Action<(Tensor Own, Tensor Kept)> copy)
    {
        using var noGradient = no_grad();
        kept.ForEach(copy);
    }
}
