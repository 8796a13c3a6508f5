using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>A pass over plain features. A chunk does all of it for some of them.</summary>
internal readonly struct FeatureWork<TActivation, TMask>(
    BatchNormArguments arguments, FeaturePartition partition, TActivation activation, TMask mask, BatchSteps steps) : ISimdWork
    where TActivation : unmanaged, IActivation
    where TMask : unmanaged, IMask
{
    public void Run<TVector>(int chunk)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var first = (long)chunk * partition.Width;
        var width = partition.WidthOf(chunk);
        if (steps.HasFlag(BatchSteps.Statistics))
        {
            FeatureStatistics.Set<TVector>(arguments, first, width);
        }

        if (steps.HasFlag(BatchSteps.Apply))
        {
            FeatureLoops<TActivation, TMask, TVector>.Apply(arguments, activation, mask, first, width);
        }

        if (steps.HasFlag(BatchSteps.Sums))
        {
            FeatureLoops<TActivation, TMask, TVector>.Sums(arguments, activation, mask, first, width);
        }

        if (steps.HasFlag(BatchSteps.Gradient))
        {
            FeatureLoops<TActivation, TMask, TVector>.Gradient(arguments, activation, mask, first, width);
        }
    }
}
