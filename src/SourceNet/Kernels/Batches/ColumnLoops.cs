using System.Runtime.CompilerServices;
using SourceNet.Activations;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>The loops over columns whose numbers are known. Their lanes are neighboring channels of a sample.</summary>
internal static unsafe class ColumnLoops<TActivation, TMask, TLanes>
    where TActivation : unmanaged, IActivation
    where TMask : unmanaged, IDropMask
    where TLanes : unmanaged, ILanes<TLanes>
{
    private const int Block = 32;

    /// <summary>The output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Apply(in BatchPlace place, TActivation activation, TMask mask, long column, int width)
    {
        var rest = width % TLanes.Count;
        var vectors = width - rest;
        var stride = place.Channels;
        for (var top = 0L; top < place.Samples; top += ColumnCut.Tile)
        {
            var end = Math.Min(top + ColumnCut.Tile, place.Samples) * stride;
            for (var index = column; index < column + vectors; index += TLanes.Count)
            {
                var mean = TLanes.Load(place.Mean + index);
                var scale = TLanes.Load(place.Scale + index);
                var shift = TLanes.Load(place.Shift + index);
                for (var at = (top * stride) + index; at < end; at += stride)
                {
                    Value(TLanes.Load(place.X + at) - mean, scale, shift, activation, mask, at).Store(place.Result + at);
                }
            }

            if (rest > 0)
            {
                var index = column + vectors;
                var mean = TLanes.LoadPart(place.Mean + index, rest);
                var scale = TLanes.LoadPart(place.Scale + index, rest);
                var shift = TLanes.LoadPart(place.Shift + index, rest);
                for (var at = (top * stride) + index; at < end; at += stride)
                {
                    Value(TLanes.LoadPart(place.X + at, rest) - mean, scale, shift, activation, mask, at).StorePart(place.Result + at, rest);
                }
            }
        }
    }

    /// <summary>Σ g and Σ g · (x − mean) of each column, with g the gradient of what the activation is applied to.</summary>
    internal static void Sums(in BatchPlace place, TActivation activation, TMask mask, long column, int width)
    {
        var sums = stackalloc float[ColumnCut.Widest];
        var products = stackalloc float[ColumnCut.Widest];
        var allSums = stackalloc double[ColumnCut.Widest];
        var allProducts = stackalloc double[ColumnCut.Widest];
        new Span<double>(allSums, width).Clear();
        new Span<double>(allProducts, width).Clear();
        for (var row = 0L; row < place.Samples; row += Block)
        {
            new Span<float>(sums, ColumnCut.Widest).Clear();
            new Span<float>(products, ColumnCut.Widest).Clear();
            SumBlock(place, activation, mask, row, Math.Min(place.Samples, row + Block), column, width, sums, products);
            for (var index = 0; index < width; index++)
            {
                allSums[index] += sums[index];
                allProducts[index] += products[index];
            }
        }

        for (var index = 0; index < width; index++)
        {
            BatchNumbers.FromSums(place, column + index, allSums[index], allProducts[index]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void SumBlock(in BatchPlace place, TActivation activation, TMask mask, long firstRow, long endRow, long column, int width, float* sums, float* products)
    {
        var rest = width % TLanes.Count;
        var vectors = width - rest;
        var stride = place.Channels;
        for (var top = firstRow; top < endRow; top += ColumnCut.Tile)
        {
            var end = Math.Min(top + ColumnCut.Tile, endRow) * stride;
            for (var offset = 0; offset < vectors; offset += TLanes.Count)
            {
                var index = column + offset;
                var mean = TLanes.Load(place.Mean + index);
                var scale = TLanes.Load(place.Scale + index);
                var shift = TLanes.Load(place.Shift + index);
                var sum = TLanes.Load(sums + offset);
                var product = TLanes.Load(products + offset);
                for (var at = (top * stride) + index; at < end; at += stride)
                {
                    var difference = TLanes.Load(place.X + at) - mean;
                    var inner = Inner(TLanes.Load(place.Gradient + at), difference, scale, shift, activation, mask, at);
                    sum += inner;
                    product = TLanes.MultiplyAdd(inner, difference, product);
                }

                sum.Store(sums + offset);
                product.Store(products + offset);
            }

            if (rest > 0)
            {
                // The lanes after the last column collect what nobody reads.
                var index = column + vectors;
                var mean = TLanes.LoadPart(place.Mean + index, rest);
                var scale = TLanes.LoadPart(place.Scale + index, rest);
                var shift = TLanes.LoadPart(place.Shift + index, rest);
                var sum = TLanes.Load(sums + vectors);
                var product = TLanes.Load(products + vectors);
                for (var at = (top * stride) + index; at < end; at += stride)
                {
                    var difference = TLanes.LoadPart(place.X + at, rest) - mean;
                    var inner = Inner(TLanes.LoadPart(place.Gradient + at, rest), difference, scale, shift, activation, mask, at);
                    sum += inner;
                    product = TLanes.MultiplyAdd(inner, difference, product);
                }

                sum.Store(sums + vectors);
                product.Store(products + vectors);
            }
        }
    }

    /// <summary>The gradient of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Gradient(in BatchPlace place, TActivation activation, TMask mask, long column, int width)
    {
        var rest = width % TLanes.Count;
        var vectors = width - rest;
        var stride = place.Channels;
        for (var top = 0L; top < place.Samples; top += ColumnCut.Tile)
        {
            var end = Math.Min(top + ColumnCut.Tile, place.Samples) * stride;
            for (var index = column; index < column + vectors; index += TLanes.Count)
            {
                var mean = TLanes.Load(place.Mean + index);
                var scale = TLanes.Load(place.Scale + index);
                var shift = TLanes.Load(place.Shift + index);
                var pull = place.OfBatch ? TLanes.Load(place.Pull + index) : TLanes.All(0);
                var level = place.OfBatch ? TLanes.Load(place.Level + index) : TLanes.All(0);
                for (var at = (top * stride) + index; at < end; at += stride)
                {
                    var difference = TLanes.Load(place.X + at) - mean;
                    var inner = Inner(TLanes.Load(place.Gradient + at), difference, scale, shift, activation, mask, at);
                    TLanes.MultiplyAdd(inner, scale, TLanes.MultiplyAdd(difference, pull, level)).Store(place.Result + at);
                }
            }

            if (rest > 0)
            {
                var index = column + vectors;
                var mean = TLanes.LoadPart(place.Mean + index, rest);
                var scale = TLanes.LoadPart(place.Scale + index, rest);
                var shift = TLanes.LoadPart(place.Shift + index, rest);
                var pull = place.OfBatch ? TLanes.LoadPart(place.Pull + index, rest) : TLanes.All(0);
                var level = place.OfBatch ? TLanes.LoadPart(place.Level + index, rest) : TLanes.All(0);
                for (var at = (top * stride) + index; at < end; at += stride)
                {
                    var difference = TLanes.LoadPart(place.X + at, rest) - mean;
                    var inner = Inner(TLanes.LoadPart(place.Gradient + at, rest), difference, scale, shift, activation, mask, at);
                    TLanes.MultiplyAdd(inner, scale, TLanes.MultiplyAdd(difference, pull, level)).StorePart(place.Result + at, rest);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Value(TLanes difference, TLanes scale, TLanes shift, TActivation activation, TMask mask, long index)
    {
        var value = activation.Value(TLanes.MultiplyAdd(difference, scale, shift));
        return TMask.IsOfElements ? value * mask.OfElements<TLanes>(index) : value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Inner(TLanes gradient, TLanes difference, TLanes scale, TLanes shift, TActivation activation, TMask mask, long index)
    {
        if (TMask.IsOfElements)
        {
            gradient *= mask.OfElements<TLanes>(index);
        }

        return typeof(TActivation) == typeof(Identity) ? gradient : ActivationGradient.Of(activation, gradient, TLanes.MultiplyAdd(difference, scale, shift));
    }
}
