using System.Runtime.CompilerServices;
using SourceNet.Activations;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>The loops over columns whose numbers are known. Their lanes are neighboring channels of a sample.</summary>
internal static unsafe class ColumnLoops<TActivation, TMask, TVector>
    where TActivation : unmanaged, IActivation
    where TMask : unmanaged, IDropMask
    where TVector : unmanaged, ISimdVector<TVector>
{
    private const int Block = 32;

    /// <summary>The output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Apply(in BatchPlace place, TActivation activation, TMask mask, long column, int width)
    {
        var rest = width % TVector.Count;
        var vectors = width - rest;
        var stride = place.Channels;
        for (var top = 0L; top < place.Samples; top += ColumnCut.Tile)
        {
            var end = Math.Min(top + ColumnCut.Tile, place.Samples) * stride;
            for (var index = column; index < column + vectors; index += TVector.Count)
            {
                var mean = TVector.Load(place.Mean + index);
                var scale = TVector.Load(place.Scale + index);
                var shift = TVector.Load(place.Shift + index);
                for (var at = (top * stride) + index; at < end; at += stride)
                {
                    Value(TVector.Load(place.X + at) - mean, scale, shift, activation, mask, at).Store(place.Result + at);
                }
            }

            if (rest > 0)
            {
                var index = column + vectors;
                var mean = TVector.LoadPartial(place.Mean + index, rest);
                var scale = TVector.LoadPartial(place.Scale + index, rest);
                var shift = TVector.LoadPartial(place.Shift + index, rest);
                for (var at = (top * stride) + index; at < end; at += stride)
                {
                    Value(TVector.LoadPartial(place.X + at, rest) - mean, scale, shift, activation, mask, at).StorePartial(place.Result + at, rest);
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
        var rest = width % TVector.Count;
        var vectors = width - rest;
        var stride = place.Channels;
        for (var top = firstRow; top < endRow; top += ColumnCut.Tile)
        {
            var end = Math.Min(top + ColumnCut.Tile, endRow) * stride;
            for (var offset = 0; offset < vectors; offset += TVector.Count)
            {
                var index = column + offset;
                var mean = TVector.Load(place.Mean + index);
                var scale = TVector.Load(place.Scale + index);
                var shift = TVector.Load(place.Shift + index);
                var sum = TVector.Load(sums + offset);
                var product = TVector.Load(products + offset);
                for (var at = (top * stride) + index; at < end; at += stride)
                {
                    var difference = TVector.Load(place.X + at) - mean;
                    var inner = Inner(TVector.Load(place.Gradient + at), difference, scale, shift, activation, mask, at);
                    sum += inner;
                    product = TVector.MultiplyAdd(inner, difference, product);
                }

                sum.Store(sums + offset);
                product.Store(products + offset);
            }

            if (rest > 0)
            {
                // The lanes after the last column collect what nobody reads.
                var index = column + vectors;
                var mean = TVector.LoadPartial(place.Mean + index, rest);
                var scale = TVector.LoadPartial(place.Scale + index, rest);
                var shift = TVector.LoadPartial(place.Shift + index, rest);
                var sum = TVector.Load(sums + vectors);
                var product = TVector.Load(products + vectors);
                for (var at = (top * stride) + index; at < end; at += stride)
                {
                    var difference = TVector.LoadPartial(place.X + at, rest) - mean;
                    var inner = Inner(TVector.LoadPartial(place.Gradient + at, rest), difference, scale, shift, activation, mask, at);
                    sum += inner;
                    product = TVector.MultiplyAdd(inner, difference, product);
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
        var rest = width % TVector.Count;
        var vectors = width - rest;
        var stride = place.Channels;
        for (var top = 0L; top < place.Samples; top += ColumnCut.Tile)
        {
            var end = Math.Min(top + ColumnCut.Tile, place.Samples) * stride;
            for (var index = column; index < column + vectors; index += TVector.Count)
            {
                var mean = TVector.Load(place.Mean + index);
                var scale = TVector.Load(place.Scale + index);
                var shift = TVector.Load(place.Shift + index);
                var pull = place.OfBatch ? TVector.Load(place.Pull + index) : TVector.Broadcast(0);
                var level = place.OfBatch ? TVector.Load(place.Level + index) : TVector.Broadcast(0);
                for (var at = (top * stride) + index; at < end; at += stride)
                {
                    var difference = TVector.Load(place.X + at) - mean;
                    var inner = Inner(TVector.Load(place.Gradient + at), difference, scale, shift, activation, mask, at);
                    TVector.MultiplyAdd(inner, scale, TVector.MultiplyAdd(difference, pull, level)).Store(place.Result + at);
                }
            }

            if (rest > 0)
            {
                var index = column + vectors;
                var mean = TVector.LoadPartial(place.Mean + index, rest);
                var scale = TVector.LoadPartial(place.Scale + index, rest);
                var shift = TVector.LoadPartial(place.Shift + index, rest);
                var pull = place.OfBatch ? TVector.LoadPartial(place.Pull + index, rest) : TVector.Broadcast(0);
                var level = place.OfBatch ? TVector.LoadPartial(place.Level + index, rest) : TVector.Broadcast(0);
                for (var at = (top * stride) + index; at < end; at += stride)
                {
                    var difference = TVector.LoadPartial(place.X + at, rest) - mean;
                    var inner = Inner(TVector.LoadPartial(place.Gradient + at, rest), difference, scale, shift, activation, mask, at);
                    TVector.MultiplyAdd(inner, scale, TVector.MultiplyAdd(difference, pull, level)).StorePartial(place.Result + at, rest);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Value(TVector difference, TVector scale, TVector shift, TActivation activation, TMask mask, long index)
    {
        var value = activation.Value(TVector.MultiplyAdd(difference, scale, shift));
        return TMask.IsOfElements ? value * mask.OfElements<TVector>(index) : value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Inner(TVector gradient, TVector difference, TVector scale, TVector shift, TActivation activation, TMask mask, long index)
    {
        if (TMask.IsOfElements)
        {
            gradient *= mask.OfElements<TVector>(index);
        }

        return typeof(TActivation) == typeof(Identity) ? gradient : ActivationGradient.Of(activation, gradient, TVector.MultiplyAdd(difference, scale, shift));
    }
}
