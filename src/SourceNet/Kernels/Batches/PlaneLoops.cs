using System.Runtime.CompilerServices;
using SourceNet.Activations;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>The loops over a piece of a channel whose numbers are known.</summary>
internal static unsafe class PlaneLoops<TActivation, TMask, TLanes>
    where TActivation : unmanaged, IActivation
    where TMask : unmanaged, IDropMask
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Sums in float32 lanes are taken over into double precision after about this many elements.</summary>
    private const long Block = 1 << 11;

    /// <summary>The output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Apply(in BatchPlace place, TActivation activation, TMask mask, long channel, in PlanePiece piece)
    {
        var mean = TLanes.All(place.Mean[channel]);
        var scale = TLanes.All(place.Scale[channel]);
        var shift = TLanes.All(place.Shift[channel]);
        var tail = LaneTail<TLanes>.Of(piece.Count);
        var count = piece.Count;
        for (var sample = piece.FirstSample; sample < piece.FirstSample + piece.Samples; sample++)
        {
            var plane = (sample * place.Channels) + channel;
            var start = (plane * place.Size) + piece.Offset;
            var factor = TMask.IsOfPlanes ? TLanes.All(mask.OfPlane(plane)) : default;
            var x = place.X + start;
            var y = place.Result + start;
            var index = 0L;
            for (; index <= count - TLanes.Count; index += TLanes.Count)
            {
                Dropped(activation.Value(TLanes.MultiplyAdd(TLanes.Load(x + index) - mean, scale, shift)), mask, factor, start + index).Store(y + index);
            }

            if (index < count)
            {
                var value = activation.Value(TLanes.MultiplyAdd(tail.Load(x, count) - mean, scale, shift));
                LaneTail<TLanes>.Store(Dropped(value, mask, factor, start + LaneTail<TLanes>.Start(count)), y, count);
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
        var mean = TLanes.All(place.Mean[channel]);
        var scale = TLanes.All(place.Scale[channel]);
        var shift = TLanes.All(place.Shift[channel]);
        var tail = LaneTail<TLanes>.Of(piece.Count);
        var count = piece.Count;
        var (firstSum, secondSum) = (TLanes.All(0), TLanes.All(0));
        var (firstProduct, secondProduct) = (TLanes.All(0), TLanes.All(0));
        for (var sample = piece.FirstSample; sample < piece.FirstSample + piece.Samples; sample++)
        {
            var plane = (sample * place.Channels) + channel;
            var start = (plane * place.Size) + piece.Offset;
            var factor = TMask.IsOfPlanes ? TLanes.All(mask.OfPlane(plane)) : default;
            var x = place.X + start;
            var gradient = place.Gradient + start;
            var index = 0L;
            for (; index <= count - (2 * TLanes.Count); index += 2 * TLanes.Count)
            {
                var firstDifference = TLanes.Load(x + index) - mean;
                var secondDifference = TLanes.Load(x + index + TLanes.Count) - mean;
                var first = Inner(TLanes.Load(gradient + index), TLanes.MultiplyAdd(firstDifference, scale, shift), activation, mask, factor, start + index);
                var second = Inner(
                    TLanes.Load(gradient + index + TLanes.Count), TLanes.MultiplyAdd(secondDifference, scale, shift), activation, mask, factor, start + index + TLanes.Count);
                firstSum += first;
                secondSum += second;
                firstProduct = TLanes.MultiplyAdd(first, firstDifference, firstProduct);
                secondProduct = TLanes.MultiplyAdd(second, secondDifference, secondProduct);
            }

            if (index <= count - TLanes.Count)
            {
                var difference = TLanes.Load(x + index) - mean;
                var inner = Inner(TLanes.Load(gradient + index), TLanes.MultiplyAdd(difference, scale, shift), activation, mask, factor, start + index);
                firstSum += inner;
                firstProduct = TLanes.MultiplyAdd(inner, difference, firstProduct);
                index += TLanes.Count;
            }

            if (index < count)
            {
                var difference = (tail.Load(x, count) - mean) & tail.New;
                var inner = Inner(tail.Load(gradient, count), TLanes.MultiplyAdd(difference, scale, shift), activation, mask, factor, start + LaneTail<TLanes>.Start(count)) & tail.New;
                secondSum += inner;
                secondProduct = TLanes.MultiplyAdd(inner, difference, secondProduct);
            }
        }

        sum += LaneSums.Of(firstSum, secondSum);
        product += LaneSums.Of(firstProduct, secondProduct);
    }

    /// <summary>The gradient of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Gradient(in BatchPlace place, TActivation activation, TMask mask, long channel, in PlanePiece piece)
    {
        var mean = TLanes.All(place.Mean[channel]);
        var scale = TLanes.All(place.Scale[channel]);
        var shift = TLanes.All(place.Shift[channel]);
        var pull = TLanes.All(place.OfBatch ? place.Pull[channel] : 0);
        var level = TLanes.All(place.OfBatch ? place.Level[channel] : 0);
        var tail = LaneTail<TLanes>.Of(piece.Count);
        var count = piece.Count;
        for (var sample = piece.FirstSample; sample < piece.FirstSample + piece.Samples; sample++)
        {
            var plane = (sample * place.Channels) + channel;
            var start = (plane * place.Size) + piece.Offset;
            var factor = TMask.IsOfPlanes ? TLanes.All(mask.OfPlane(plane)) : default;
            var x = place.X + start;
            var gradient = place.Gradient + start;
            var result = place.Result + start;
            var index = 0L;
            for (; index <= count - TLanes.Count; index += TLanes.Count)
            {
                var difference = TLanes.Load(x + index) - mean;
                var inner = Inner(TLanes.Load(gradient + index), TLanes.MultiplyAdd(difference, scale, shift), activation, mask, factor, start + index);
                TLanes.MultiplyAdd(inner, scale, TLanes.MultiplyAdd(difference, pull, level)).Store(result + index);
            }

            if (index < count)
            {
                var difference = tail.Load(x, count) - mean;
                var inner = Inner(tail.Load(gradient, count), TLanes.MultiplyAdd(difference, scale, shift), activation, mask, factor, start + LaneTail<TLanes>.Start(count));
                LaneTail<TLanes>.Store(TLanes.MultiplyAdd(inner, scale, TLanes.MultiplyAdd(difference, pull, level)), result, count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Dropped(TLanes value, TMask mask, TLanes factor, long index) =>
        TMask.IsOfElements ? value * mask.OfElements<TLanes>(index) : TMask.IsOfPlanes ? value * factor : value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Inner(TLanes gradient, TLanes normalized, TActivation activation, TMask mask, TLanes factor, long index) =>
        typeof(TActivation) == typeof(Identity)
            ? Dropped(gradient, mask, factor, index)
            : ActivationGradient.Of(activation, Dropped(gradient, mask, factor, index), normalized);
}
