using SourceNet.Activations;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>One step of a pass over planes. A chunk is a piece of a channel.</summary>
/// <param name="place">Where everything is.</param>
/// <param name="cut">What the pieces are.</param>
/// <param name="activation">The activation.</param>
/// <param name="mask">The mask.</param>
/// <param name="step">Which step.</param>
/// <param name="moments">Receives the statistics of each piece; a sum and a product are the first two numbers of one.</param>
internal readonly unsafe struct PieceWork<TActivation, TMask>(BatchPlace place, PlaneCut cut, TActivation activation, TMask mask, BatchSteps step, Moments* moments) : ISimdWork
    where TActivation : unmanaged, IActivation
    where TMask : unmanaged, IDropMask
{
    public void Run<TVector>(int chunk)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        var channel = chunk / cut.Pieces;
        var piece = cut.Piece(chunk % cut.Pieces);
        if (piece.Count == 0)
        {
            return;
        }

        switch (step)
        {
            case BatchSteps.Statistics:
                moments[chunk] = PlaneStatistics.Of<TVector>(place, channel, piece);
                break;
            case BatchSteps.Apply:
                PlaneLoops<TActivation, TMask, TVector>.Apply(place, activation, mask, channel, piece);
                break;
            case BatchSteps.Sums:
                var (sum, product) = PlaneLoops<TActivation, TMask, TVector>.Sums(place, activation, mask, channel, piece);
                moments[chunk] = new() { Count = sum, Mean = product };
                break;
            default:
                PlaneLoops<TActivation, TMask, TVector>.Gradient(place, activation, mask, channel, piece);
                break;
        }
    }
}
