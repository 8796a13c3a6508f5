using SourceNet.Activations;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>Runs the steps of a forward or a backward pass over all channels.</summary>
internal static unsafe class BatchPass
{
    internal static void Run<TActivation, TMask>(in BatchPlace place, TActivation activation, TMask mask, BatchSteps steps)
        where TActivation : unmanaged, IActivation
        where TMask : unmanaged, IDropMask
    {
        if (WidestLanes.Count == Lanes512.Count)
        {
            Run<TActivation, TMask, Lanes512>(place, activation, mask, steps);
        }
        else if (WidestLanes.Count == Lanes256.Count)
        {
            Run<TActivation, TMask, Lanes256>(place, activation, mask, steps);
        }
        else
        {
            Run<TActivation, TMask, Lanes128>(place, activation, mask, steps);
        }
    }

    internal static void Run<TActivation, TMask, TLanes>(in BatchPlace place, TActivation activation, TMask mask, BatchSteps steps)
        where TActivation : unmanaged, IActivation
        where TMask : unmanaged, IDropMask
        where TLanes : unmanaged, ILanes<TLanes>
    {
        if (place.Size == 1)
        {
            var columns = new ColumnCut(place);
            ChunkLoop.Run(new ColumnWork<TActivation, TMask, TLanes>(place, columns, activation, mask, steps), columns.Chunks);
            return;
        }

        var cut = new PlaneCut(place);
        if (cut.IsWhole)
        {
            ChunkLoop.Run(new ChannelWork<TActivation, TMask, TLanes>(place, cut, activation, mask, steps), cut.WholeChunks);
            return;
        }

        var found = new Moments[cut.PieceChunks];
        fixed (Moments* moments = found)
        {
            foreach (var step in (ReadOnlySpan<BatchSteps>)[BatchSteps.Statistics, BatchSteps.Apply, BatchSteps.Sums, BatchSteps.Gradient])
            {
                if ((steps & step) != 0)
                {
                    ChunkLoop.Run(new PieceWork<TActivation, TMask, TLanes>(place, cut, activation, mask, step, moments), cut.PieceChunks);
                    Conclude(place, step, found, cut.Pieces);
                }
            }
        }
    }

    /// <summary>Takes the pieces of each channel together.</summary>
    private static void Conclude(in BatchPlace place, BatchSteps step, Moments[] found, int pieces)
    {
        for (var channel = 0; channel < place.Channels; channel++)
        {
            var ofChannel = found.AsSpan(channel * pieces, pieces);
            if (step == BatchSteps.Statistics)
            {
                var all = default(Moments);
                foreach (ref readonly var piece in ofChannel)
                {
                    all.Add(piece);
                }

                BatchNumbers.FromBatch(place, channel, all);
            }
            else if (step == BatchSteps.Sums)
            {
                var (sum, product) = (0.0, 0.0);
                foreach (ref readonly var piece in ofChannel)
                {
                    sum += piece.Count;
                    product += piece.Mean;
                }

                BatchNumbers.FromSums(place, channel, sum, product);
            }
        }
    }
}
