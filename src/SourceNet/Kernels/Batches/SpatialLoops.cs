using System.Runtime.CompilerServices;
using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>The loops over a tile of a channel whose statistics are known. Lanes are neighbors in a sample's plane.</summary>
internal static unsafe class SpatialLoops<TActivation, TMask, TVector>
    where TActivation : unmanaged, IActivation
    where TMask : unmanaged, IMask
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>
    /// Sums in float32 are taken over into double precision after about this many elements: each lane of two vectors has added 32, so that the error is the
    /// same at every width.
    /// </summary>
    private static long Block => 2L * 32 * TVector.Count;

    /// <summary>The output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Apply(in BatchNormArguments arguments, TActivation activation, TMask mask, long channel, in SpatialTile tile)
    {
        var element = ElementOf(arguments, activation, channel);
        var count = tile.Count;
        for (var sample = tile.FirstSample; sample < tile.FirstSample + tile.Samples; sample++)
        {
            var row = new Row(arguments, mask, sample, channel, tile.Offset);
            var index = 0L;
            for (; index <= count - TVector.Count; index += TVector.Count)
            {
                Apply(element, row, index, default(FullVector));
            }

            if (index < count)
            {
                Apply(element, row, index, new PartialVector((int)(count - index)));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Apply<TExtent>(in BatchNormElement<TActivation, TVector> element, in Row row, long index, TExtent extent)
        where TExtent : struct, IVectorExtent
    {
        var value = element.Value(element.Centered(extent.Load<TVector>(row.X + index)));
        extent.Store(row.Masked(value, index), row.Result + index);
    }

    /// <summary>Σ g and Σ g · (x − mean), with g the gradient of what the activation is applied to.</summary>
    internal static GradientSums Sums(in BatchNormArguments arguments, TActivation activation, TMask mask, long channel, in SpatialTile tile)
    {
        var height = Math.Max(1, Block / Math.Max(1, tile.Count));
        var sums = default(GradientSums);
        for (var sample = 0L; sample < tile.Samples; sample += height)
        {
            var samples = Math.Min(height, tile.Samples - sample);
            for (var offset = 0L; offset < tile.Count; offset += Block)
            {
                sums.Add(SumBlock(arguments, activation, mask, channel,
                    new(tile.FirstSample + sample, samples, tile.Offset + offset, Math.Min(Block, tile.Count - offset))));
            }
        }

        return sums;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static GradientSums SumBlock(in BatchNormArguments arguments, TActivation activation, TMask mask, long channel, in SpatialTile tile)
    {
        var element = ElementOf(arguments, activation, channel);
        var count = tile.Count;
        var (firstSum, secondSum) = (TVector.Broadcast(0), TVector.Broadcast(0));
        var (firstProduct, secondProduct) = (TVector.Broadcast(0), TVector.Broadcast(0));
        for (var sample = tile.FirstSample; sample < tile.FirstSample + tile.Samples; sample++)
        {
            var row = new Row(arguments, mask, sample, channel, tile.Offset);
            var index = 0L;
            for (; index <= count - (2 * TVector.Count); index += 2 * TVector.Count)
            {
                Sum(element, row, index, default(FullVector), ref firstSum, ref firstProduct);
                Sum(element, row, index + TVector.Count, default(FullVector), ref secondSum, ref secondProduct);
            }

            if (index <= count - TVector.Count)
            {
                Sum(element, row, index, default(FullVector), ref firstSum, ref firstProduct);
                index += TVector.Count;
            }

            if (index < count)
            {
                Sum(element, row, index, new PartialVector((int)(count - index)), ref secondSum, ref secondProduct);
            }
        }

        return new(TVector.SumInDouble(firstSum, secondSum), TVector.SumInDouble(firstProduct, secondProduct));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum<TExtent>(in BatchNormElement<TActivation, TVector> element, in Row row, long index, TExtent extent, ref TVector sum,
        ref TVector product)
        where TExtent : struct, IVectorExtent
    {
        // The gradients of lanes outside are loaded as 0, and add nothing.
        var centered = element.Centered(extent.Load<TVector>(row.X + index));
        var inner = element.Inner(row.Masked(extent.Load<TVector>(row.Gradient + index), index), centered);
        sum += inner;
        product = TVector.MultiplyAdd(inner, centered, product);
    }

    /// <summary>The gradient of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Gradient(in BatchNormArguments arguments, TActivation activation, TMask mask, long channel, in SpatialTile tile)
    {
        var element = ElementOf(arguments, activation, channel);
        var slope = TVector.Broadcast(arguments.OfBatch ? arguments.GradSlope[channel] : 0);
        var offset = TVector.Broadcast(arguments.OfBatch ? arguments.GradOffset[channel] : 0);
        var count = tile.Count;
        for (var sample = tile.FirstSample; sample < tile.FirstSample + tile.Samples; sample++)
        {
            var row = new Row(arguments, mask, sample, channel, tile.Offset);
            var index = 0L;
            for (; index <= count - TVector.Count; index += TVector.Count)
            {
                Gradient(element, row, slope, offset, index, default(FullVector));
            }

            if (index < count)
            {
                Gradient(element, row, slope, offset, index, new PartialVector((int)(count - index)));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gradient<TExtent>(in BatchNormElement<TActivation, TVector> element, in Row row, TVector slope, TVector offset, long index,
        TExtent extent)
        where TExtent : struct, IVectorExtent
    {
        var centered = element.Centered(extent.Load<TVector>(row.X + index));
        var inner = element.Inner(row.Masked(extent.Load<TVector>(row.Gradient + index), index), centered);
        extent.Store(element.Outer(inner, centered, slope, offset), row.Result + index);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static BatchNormElement<TActivation, TVector> ElementOf(in BatchNormArguments arguments, TActivation activation, long channel) =>
        new(activation, TVector.Broadcast(arguments.Mean[channel]), TVector.Broadcast(arguments.Scale[channel]), TVector.Broadcast(arguments.Shift[channel]));

    /// <summary>A stretch of one sample's plane.</summary>
    private readonly struct Row
    {
        internal readonly float* X;
        internal readonly float* Gradient;
        internal readonly float* Result;
        private readonly long start;
        private readonly TVector factor;
        private readonly TMask mask;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Row(in BatchNormArguments arguments, TMask mask, long sample, long channel, long offset)
        {
            var plane = (sample * arguments.Channels) + channel;
            start = (plane * arguments.Size) + offset;
            X = arguments.X + start;
            Gradient = arguments.Gradient + start;
            Result = arguments.Result + start;
            factor = TMask.Granularity == MaskGranularity.Channels ? TVector.Broadcast(mask.OfChannel(plane)) : default;
            this.mask = mask;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal TVector Masked(TVector value, long index) =>
            TMask.Granularity == MaskGranularity.Channels ? value * factor : mask.Apply(value, (uint)(start + index));
    }
}
