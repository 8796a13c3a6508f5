using SourceNet.Activations;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>Runs the steps of a forward or a backward pass over all channels.</summary>
internal static unsafe class BatchPass
{
    internal static void Run<TActivation, TMask>(in BatchPlace place, TActivation activation, TMask mask, BatchSteps steps)
        where TActivation : unmanaged, IActivation
        where TMask : unmanaged, IDropMask
    {
        if (place.Size == 1)
        {
            var columns = new ColumnCut(place);
            SimdWidth.Run(new ColumnWork<TActivation, TMask>(place, columns, activation, mask, steps), columns.Chunks);
            return;
        }

        var cut = new PlaneCut(place);
        if (cut.IsWhole)
        {
            SimdWidth.Run(new ChannelWork<TActivation, TMask>(place, cut, activation, mask, steps), cut.WholeChunks);
            return;
        }

        var found = new Moments[cut.PieceChunks];
        fixed (Moments* moments = found)
        {
            foreach (var step in (ReadOnlySpan<BatchSteps>)[BatchSteps.Statistics, BatchSteps.Apply, BatchSteps.Sums, BatchSteps.Gradient])
            {
                if ((steps & step) != 0)
                {
                    SimdWidth.Run(new PieceWork<TActivation, TMask>(place, cut, activation, mask, step, moments), cut.PieceChunks);
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
