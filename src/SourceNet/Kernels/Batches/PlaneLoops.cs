using System.Runtime.CompilerServices;
using SourceNet.Activations;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>The loops over a piece of a channel whose numbers are known.</summary>
internal static unsafe class PlaneLoops<TActivation, TMask, TVector>
    where TActivation : unmanaged, IActivation
    where TMask : unmanaged, IDropMask
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>Sums in float32 are taken over into double precision after about this many elements: each lane of two vectors has added 32, so that the error is the same at every width.</summary>
    private static long Block => 2L * 32 * TVector.Count;

    /// <summary>The output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Apply(in BatchPlace place, TActivation activation, TMask mask, long channel, in PlanePiece piece)
    {
        var mean = TVector.Broadcast(place.Mean[channel]);
        var scale = TVector.Broadcast(place.Scale[channel]);
        var shift = TVector.Broadcast(place.Shift[channel]);
        var tail = LaneTail<TVector>.Of(piece.Count);
        var count = piece.Count;
        for (var sample = piece.FirstSample; sample < piece.FirstSample + piece.Samples; sample++)
        {
            var plane = (sample * place.Channels) + channel;
            var start = (plane * place.Size) + piece.Offset;
            var factor = TMask.IsOfPlanes ? TVector.Broadcast(mask.OfPlane(plane)) : default;
            var x = place.X + start;
            var y = place.Result + start;
            var index = 0L;
            for (; index <= count - TVector.Count; index += TVector.Count)
            {
                Dropped(activation.Value(TVector.MultiplyAdd(TVector.Load(x + index) - mean, scale, shift)), mask, factor, start + index).Store(y + index);
            }

            if (index < count)
            {
                var value = activation.Value(TVector.MultiplyAdd(tail.Load(x, count) - mean, scale, shift));
                LaneTail<TVector>.Store(Dropped(value, mask, factor, start + LaneTail<TVector>.Start(count)), y, count);
            }
        }
    }

    /// <summary>Σ g and Σ g · (x − mean), with g the gradient of what the activation is applied to.</summary>
    internal static (double Sum, double Product) Sums(in BatchPlace place, TActivation activation, TMask mask, long channel, in PlanePiece piece)
    {
        var height = Math.Max(1, Block / Math.Max(1, piece.Count));
        var sum = 0.0;
        var product = 0.0;
        for (var sample = 0L; sample < piece.Samples; sample += height)
        {
            var samples = Math.Min(height, piece.Samples - sample);
            for (var offset = 0L; offset < piece.Count; offset += Block)
            {
                var block = new PlanePiece(piece.FirstSample + sample, samples, piece.Offset + offset, Math.Min(Block, piece.Count - offset));
                SumBlock(place, activation, mask, channel, block, ref sum, ref product);
            }
        }

        return (sum, product);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void SumBlock(in BatchPlace place, TActivation activation, TMask mask, long channel, in PlanePiece piece, ref double sum, ref double product)
    {
        var mean = TVector.Broadcast(place.Mean[channel]);
        var scale = TVector.Broadcast(place.Scale[channel]);
        var shift = TVector.Broadcast(place.Shift[channel]);
        var tail = LaneTail<TVector>.Of(piece.Count);
        var count = piece.Count;
        var (firstSum, secondSum) = (TVector.Broadcast(0), TVector.Broadcast(0));
        var (firstProduct, secondProduct) = (TVector.Broadcast(0), TVector.Broadcast(0));
        for (var sample = piece.FirstSample; sample < piece.FirstSample + piece.Samples; sample++)
        {
            var plane = (sample * place.Channels) + channel;
            var start = (plane * place.Size) + piece.Offset;
            var factor = TMask.IsOfPlanes ? TVector.Broadcast(mask.OfPlane(plane)) : default;
            var x = place.X + start;
            var gradient = place.Gradient + start;
            var index = 0L;
            for (; index <= count - (2 * TVector.Count); index += 2 * TVector.Count)
            {
                var firstDifference = TVector.Load(x + index) - mean;
                var secondDifference = TVector.Load(x + index + TVector.Count) - mean;
                var first = Inner(TVector.Load(gradient + index), TVector.MultiplyAdd(firstDifference, scale, shift), activation, mask, factor, start + index);
                var second = Inner(
                    TVector.Load(gradient + index + TVector.Count), TVector.MultiplyAdd(secondDifference, scale, shift), activation, mask, factor, start + index + TVector.Count);
                firstSum += first;
                secondSum += second;
                firstProduct = TVector.MultiplyAdd(first, firstDifference, firstProduct);
                secondProduct = TVector.MultiplyAdd(second, secondDifference, secondProduct);
            }

            if (index <= count - TVector.Count)
            {
                var difference = TVector.Load(x + index) - mean;
                var inner = Inner(TVector.Load(gradient + index), TVector.MultiplyAdd(difference, scale, shift), activation, mask, factor, start + index);
                firstSum += inner;
                firstProduct = TVector.MultiplyAdd(inner, difference, firstProduct);
                index += TVector.Count;
            }

            if (index < count)
            {
                var difference = (tail.Load(x, count) - mean) & tail.New;
                var inner = Inner(tail.Load(gradient, count), TVector.MultiplyAdd(difference, scale, shift), activation, mask, factor, start + LaneTail<TVector>.Start(count)) & tail.New;
                secondSum += inner;
                secondProduct = TVector.MultiplyAdd(inner, difference, secondProduct);
            }
        }

        sum += TVector.SumInDouble(firstSum, secondSum);
        product += TVector.SumInDouble(firstProduct, secondProduct);
    }

    /// <summary>The gradient of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Gradient(in BatchPlace place, TActivation activation, TMask mask, long channel, in PlanePiece piece)
    {
        var mean = TVector.Broadcast(place.Mean[channel]);
        var scale = TVector.Broadcast(place.Scale[channel]);
        var shift = TVector.Broadcast(place.Shift[channel]);
        var pull = TVector.Broadcast(place.OfBatch ? place.Pull[channel] : 0);
        var level = TVector.Broadcast(place.OfBatch ? place.Level[channel] : 0);
        var tail = LaneTail<TVector>.Of(piece.Count);
        var count = piece.Count;
        for (var sample = piece.FirstSample; sample < piece.FirstSample + piece.Samples; sample++)
        {
            var plane = (sample * place.Channels) + channel;
            var start = (plane * place.Size) + piece.Offset;
            var factor = TMask.IsOfPlanes ? TVector.Broadcast(mask.OfPlane(plane)) : default;
            var x = place.X + start;
            var gradient = place.Gradient + start;
            var result = place.Result + start;
            var index = 0L;
            for (; index <= count - TVector.Count; index += TVector.Count)
            {
                var difference = TVector.Load(x + index) - mean;
                var inner = Inner(TVector.Load(gradient + index), TVector.MultiplyAdd(difference, scale, shift), activation, mask, factor, start + index);
                TVector.MultiplyAdd(inner, scale, TVector.MultiplyAdd(difference, pull, level)).Store(result + index);
            }

            if (index < count)
            {
                var difference = tail.Load(x, count) - mean;
                var inner = Inner(tail.Load(gradient, count), TVector.MultiplyAdd(difference, scale, shift), activation, mask, factor, start + LaneTail<TVector>.Start(count));
                LaneTail<TVector>.Store(TVector.MultiplyAdd(inner, scale, TVector.MultiplyAdd(difference, pull, level)), result, count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Dropped(TVector value, TMask mask, TVector factor, long index) =>
        TMask.IsOfElements ? value * mask.OfElements<TVector>(index) : TMask.IsOfPlanes ? value * factor : value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Inner(TVector gradient, TVector normalized, TActivation activation, TMask mask, TVector factor, long index) =>
        typeof(TActivation) == typeof(Identity)
            ? Dropped(gradient, mask, factor, index)
            : ActivationGradient.Of(activation, Dropped(gradient, mask, factor, index), normalized);
}
