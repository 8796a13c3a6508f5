using System.Runtime.CompilerServices;
using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>The loops over features whose statistics are known. Lanes are neighboring features of a sample.</summary>
internal static unsafe class FeatureLoops<TActivation, TMask, TVector>
    where TActivation : unmanaged, IActivation
    where TMask : unmanaged, IMask
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>So many rows are summed in float32 before the sum goes on in double precision.</summary>
    private const int Block = 32;

    /// <summary>The output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Apply(in BatchNormArguments arguments, TActivation activation, TMask mask, long first, int width)
    {
        for (var top = 0L; top < arguments.Samples; top += FeaturePartition.TileHeight)
        {
            var rows = new Rows(arguments, top, Math.Min(top + FeaturePartition.TileHeight, arguments.Samples));
            var feature = 0;
            for (; feature <= width - TVector.Count; feature += TVector.Count)
            {
                Apply(arguments, activation, mask, rows, first + feature, default(FullVector));
            }

            if (feature < width)
            {
                Apply(arguments, activation, mask, rows, first + feature, new PartialVector(width - feature));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Apply<TExtent>(in BatchNormArguments arguments, TActivation activation, TMask mask, Rows rows, long feature, TExtent extent)
        where TExtent : struct, IVectorExtent
    {
        var element = ElementOf(arguments, activation, feature, extent);
        var x = arguments.X;
        var result = arguments.Result;
        for (var index = rows.Begin + feature; index < rows.End; index += rows.Stride)
        {
            extent.Store(mask.Apply(element.Value(element.Centered(extent.Load<TVector>(x + index))), (uint)index), result + index);
        }
    }

    /// <summary>Σ g and Σ g · (x − mean) of each feature, with g the gradient of what the activation is applied to.</summary>
    internal static void Sums(in BatchNormArguments arguments, TActivation activation, TMask mask, long first, int width)
    {
        var sums = stackalloc float[FeaturePartition.Widest];
        var products = stackalloc float[FeaturePartition.Widest];
        var totals = stackalloc GradientSums[FeaturePartition.Widest];
        new Span<GradientSums>(totals, width).Clear();
        for (var top = 0L; top < arguments.Samples; top += Block)
        {
            new Span<float>(sums, FeaturePartition.Widest).Clear();
            new Span<float>(products, FeaturePartition.Widest).Clear();
            var end = Math.Min(arguments.Samples, top + Block);
            for (var row = top; row < end; row += FeaturePartition.TileHeight)
            {
                SumTile(arguments, activation, mask, new(arguments, row, Math.Min(row + FeaturePartition.TileHeight, end)), first, width, sums, products);
            }

            for (var feature = 0; feature < width; feature++)
            {
                totals[feature].Add(new(sums[feature], products[feature]));
            }
        }

        for (var feature = 0; feature < width; feature++)
        {
            ChannelStatistics.FromSums(arguments, first + feature, totals[feature]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void SumTile(in BatchNormArguments arguments, TActivation activation, TMask mask, Rows rows, long first, int width, float* sums,
        float* products)
    {
        var feature = 0;
        for (; feature <= width - TVector.Count; feature += TVector.Count)
        {
            Sum(arguments, activation, mask, rows, first + feature, default(FullVector), sums + feature, products + feature);
        }

        if (feature < width)
        {
            Sum(arguments, activation, mask, rows, first + feature, new PartialVector(width - feature), sums + feature, products + feature);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum<TExtent>(in BatchNormArguments arguments, TActivation activation, TMask mask, Rows rows, long feature, TExtent extent, float* sums,
        float* products)
        where TExtent : struct, IVectorExtent
    {
        var element = ElementOf(arguments, activation, feature, extent);
        var x = arguments.X;
        var gradient = arguments.Gradient;
        var sum = extent.Load<TVector>(sums);
        var product = extent.Load<TVector>(products);
        for (var index = rows.Begin + feature; index < rows.End; index += rows.Stride)
        {
            var centered = element.Centered(extent.Load<TVector>(x + index));
            var inner = element.Inner(mask.Apply(extent.Load<TVector>(gradient + index), (uint)index), centered);
            sum += inner;
            product = TVector.MultiplyAdd(inner, centered, product);
        }

        extent.Store(sum, sums);
        extent.Store(product, products);
    }

    /// <summary>The gradient of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Gradient(in BatchNormArguments arguments, TActivation activation, TMask mask, long first, int width)
    {
        for (var top = 0L; top < arguments.Samples; top += FeaturePartition.TileHeight)
        {
            var rows = new Rows(arguments, top, Math.Min(top + FeaturePartition.TileHeight, arguments.Samples));
            var feature = 0;
            for (; feature <= width - TVector.Count; feature += TVector.Count)
            {
                Gradient(arguments, activation, mask, rows, first + feature, default(FullVector));
            }

            if (feature < width)
            {
                Gradient(arguments, activation, mask, rows, first + feature, new PartialVector(width - feature));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gradient<TExtent>(in BatchNormArguments arguments, TActivation activation, TMask mask, Rows rows, long feature, TExtent extent)
        where TExtent : struct, IVectorExtent
    {
        var element = ElementOf(arguments, activation, feature, extent);
        var slope = arguments.OfBatch ? extent.Load<TVector>(arguments.GradSlope + feature) : TVector.Broadcast(0);
        var offset = arguments.OfBatch ? extent.Load<TVector>(arguments.GradOffset + feature) : TVector.Broadcast(0);
        var x = arguments.X;
        var gradient = arguments.Gradient;
        var result = arguments.Result;
        for (var index = rows.Begin + feature; index < rows.End; index += rows.Stride)
        {
            var centered = element.Centered(extent.Load<TVector>(x + index));
            var inner = element.Inner(mask.Apply(extent.Load<TVector>(gradient + index), (uint)index), centered);
            extent.Store(element.Outer(inner, centered, slope, offset), result + index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static BatchNormElement<TActivation, TVector> ElementOf<TExtent>(
        in BatchNormArguments arguments, TActivation activation, long feature, TExtent extent)
        where TExtent : struct, IVectorExtent =>
        new(activation, extent.Load<TVector>(arguments.Mean + feature), extent.Load<TVector>(arguments.Scale + feature),
            extent.Load<TVector>(arguments.Shift + feature));

    /// <summary>A few rows, by the elements that they begin and end with.</summary>
    private readonly struct Rows(in BatchNormArguments arguments, long first, long end)
    {
        internal readonly long Begin = first * arguments.Channels;
        internal readonly long End = end * arguments.Channels;
        internal readonly long Stride = arguments.Channels;
    }
}
