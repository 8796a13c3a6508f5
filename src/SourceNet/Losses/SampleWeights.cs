using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>How much samples count in a mean.</summary>
internal static class SampleWeights
{
    /// <summary>The weights of all places of a batch: of samples, those of each place are its sample's.</summary>
    /// <param name="weights"><c>[N]</c> or the places' shape; null for none.</param>
    /// <param name="places"><c>[N, ...]</c></param>
    /// <exception cref="ArgumentException">The weights have another shape.</exception>
    internal static Tensor? OfPlaces(Tensor? weights, long[] places)
    {
        if (weights is null || weights.shape.AsSpan().SequenceEqual(places))
        {
            return weights;
        }

        if (weights.ndim != 1 || places.Length == 0 || weights.size(0) != places[0])
        {
            throw new ArgumentException(
                $"Expected weights of samples {Shapes.Text([places.Length == 0 ? 1 : places[0]])} or of each number {Shapes.Text(places)}, found "
                + $"{Shapes.Text(weights.shape)}.", nameof(weights));
        }

        return weights.view([places[0], .. Enumerable.Repeat(1L, places.Length - 1)]).expand(places);
    }

    /// <summary>The mean of losses, weighted if there are weights.</summary>
    /// <param name="losses">One for each place.</param>
    /// <param name="weights">Of the same shape; null for none.</param>
    internal static Tensor Mean(Tensor losses, Tensor? weights)
    {
        using var scope = NewDisposeScope();
        if (weights is null)
        {
            return losses.mean().MoveToOuterDisposeScope();
        }

        var converted = weights.to(losses.dtype, losses.device);
        return ((losses * converted).sum() / converted.sum()).MoveToOuterDisposeScope();
    }

    /// <summary>The sum of weights.</summary>
    internal static double Sum(Tensor weights)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return weights.sum(ScalarType.Float64).item<double>();
    }
}
