using SourceNet.Activations;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>A pass over plain features. A chunk does all of it for some columns.</summary>
internal readonly struct ColumnWork<TActivation, TMask, TLanes>(BatchPlace place, ColumnCut cut, TActivation activation, TMask mask, BatchSteps steps) : IChunkWork
    where TActivation : unmanaged, IActivation
    where TMask : unmanaged, IDropMask
    where TLanes : unmanaged, ILanes<TLanes>
{
    public void Run(int chunk)
    {
        var column = (long)chunk * cut.Width;
        var width = cut.WidthOf(chunk);
        if (steps.HasFlag(BatchSteps.Statistics))
        {
            ColumnStatistics.Set<TLanes>(place, column, width);
        }

        if (steps.HasFlag(BatchSteps.Apply))
        {
            ColumnLoops<TActivation, TMask, TLanes>.Apply(place, activation, mask, column, width);
        }

        if (steps.HasFlag(BatchSteps.Sums))
        {
            ColumnLoops<TActivation, TMask, TLanes>.Sums(place, activation, mask, column, width);
        }

        if (steps.HasFlag(BatchSteps.Gradient))
        {
            ColumnLoops<TActivation, TMask, TLanes>.Gradient(place, activation, mask, column, width);
        }
    }
}
