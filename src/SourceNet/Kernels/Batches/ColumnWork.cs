using SourceNet.Activations;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>A pass over plain features. A chunk does all of it for some columns.</summary>
internal readonly struct ColumnWork<TActivation, TMask>(BatchPlace place, ColumnCut cut, TActivation activation, TMask mask, BatchSteps steps) : ISimdWork
    where TActivation : unmanaged, IActivation
    where TMask : unmanaged, IDropMask
{
    public void Run<TVector>(int chunk)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var column = (long)chunk * cut.Width;
        var width = cut.WidthOf(chunk);
        if (steps.HasFlag(BatchSteps.Statistics))
        {
            ColumnStatistics.Set<TVector>(place, column, width);
        }

        if (steps.HasFlag(BatchSteps.Apply))
        {
            ColumnLoops<TActivation, TMask, TVector>.Apply(place, activation, mask, column, width);
        }

        if (steps.HasFlag(BatchSteps.Sums))
        {
            ColumnLoops<TActivation, TMask, TVector>.Sums(place, activation, mask, column, width);
        }

        if (steps.HasFlag(BatchSteps.Gradient))
        {
            ColumnLoops<TActivation, TMask, TVector>.Gradient(place, activation, mask, column, width);
        }
    }
}
