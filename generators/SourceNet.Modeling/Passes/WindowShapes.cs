using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>Shapes after convolutions and pools.</summary>
internal sealed class WindowShapes(WeightSizes weights, List<Problem> problems)
{
    public Shape Convolution(ConvolutionLayer layer, Shape input)
    {
        if (ChannelsOf(layer, input, layer.Rank) is not { } channels)
        {
            return Shape.Unknown;
        }

        foreach (var (what, size) in new[] { ("input channels", channels), ("output channels", layer.OutChannels) })
        {
            if (size.Constant is { } count && layer.Groups.Constant is not 0 and { } groups && count % groups != 0)
            {
                problems.Add(Problems.NotDivisible($"Groups of {Kind(layer, input)} must divide its {what}", size.ToString(), layer.Groups.ToString(), layer.Origin));
                return Shape.Unknown;
            }
        }

        var sizes = Enumerable.Range(0, layer.Rank).Select(axis =>
        {
            var n = input.Dims[axis + 1];
            var extent = layer.Dilation[axis] * (layer.Kernel[axis] - 1);
            return layer.Transposed
                ? ((n - 1) * layer.Stride[axis]) - (layer.Padding[axis] * 2) + extent + layer.OutputPadding[axis] + 1
                : Windows(n + (layer.Padding[axis] * 2) - extent - 1, layer.Stride[axis], ceiling: false);
        });
        return Fitting(layer, input, new Shape(sizes.Prepend(layer.OutChannels).ToEquatableArray(), Layout.ChannelsFirst));
    }

    /// <summary>The number of channels of a feature map with that many spatial axes; null, with a problem, if it is none.</summary>
    private Dim? ChannelsOf(Layer layer, Shape input, int spatialAxes)
    {
        if (!input.IsKnown)
        {
            weights.MissInput(layer, input);
            return null;
        }

        if (input.Rank != spatialAxes + 1 || input.Layout == Layout.FeaturesLast)
        {
            var axes = spatialAxes switch { 1 => "[C, L]", 2 => "[C, H, W]", _ => "[C, D, H, W]" };
            problems.Add(Problems.WrongRank(Kind(layer, input), axes + (input.Rank == spatialAxes + 1 ? " with channels first" : ""), input, layer.Origin));
            return null;
        }

        return weights.SizeOf(layer, input.Dims[0], input);
    }

    private static Dim Windows(Dim room, Dim stride, bool ceiling) => (ceiling ? (room + stride - 1) / stride : room / stride) + 1;

    private Shape Fitting(Layer layer, Shape input, Shape result, bool isTooSmall = false)
    {
        if (isTooSmall || result.Dims.Any(dim => dim.Constant < 1))
        {
            problems.Add(Problems.DoesNotFit(Kind(layer, input), input, result, layer.Origin));
            return Shape.Unknown;
        }

        return result;
    }

    public Shape Pool(PoolLayer layer, Shape input)
    {
        if (!input.IsKnown)
        {
            return Shape.Unknown;
        }

        if (input.Rank != layer.Rank + 1 || input.Layout == Layout.FeaturesLast)
        {
            var axes = layer.Rank switch { 1 => "[C, L]", 2 => "[C, H, W]", _ => "[C, D, H, W]" };
            problems.Add(Problems.WrongRank(Kind(layer, input), axes + ", channels first", input, layer.Origin));
            return Shape.Unknown;
        }

        var sizes = Enumerable.Range(0, layer.Rank).Select(axis =>
        {
            var n = input.Dims[axis + 1];
            var extent = layer.Dilation[axis] * (layer.Kernel[axis] - 1);
            var count = Windows(n + (layer.Padding[axis] * 2) - extent - 1, layer.Stride[axis], layer.CeilMode);

            // In ceiling mode a last window that would start in the padding on the right does not count; there is none if the steps are small.
            if (!layer.CeilMode || (layer.Padding[axis] + layer.Stride[axis] - extent).Constant <= 1)
            {
                return count;
            }

            var start = (count - 1) * layer.Stride[axis];
            return (start - n - layer.Padding[axis]).Constant is { } beyond ? (beyond >= 0 ? count - 1 : count) : Dim.Unknown;
        });
        var output = new Shape(sizes.Prepend(input.Dims[0]).ToEquatableArray(), Layout.ChannelsFirst);
        // TorchSharp's AvgPool3d wants room for its window without the padding.
        var isTooSmall = layer is { Average: true, Rank: 3 } && Enumerable.Range(0, 3).Any(axis => input.Dims[axis + 1].Constant < layer.Kernel[axis].Constant);
        return Fitting(layer, input, output, isTooSmall);
    }

    public Shape GlobalAveragePool(Layer layer, Shape input)
    {
        if (!input.IsKnown)
        {
            weights.MissInput(layer, input);
            return Shape.Unknown;
        }

        if (input.Rank < 2)
        {
            problems.Add(Problems.WrongRank("GlobalAveragePool", "[C, ...] or [T, dim]", input, layer.Origin));
            return Shape.Unknown;
        }

        return Shape.Of(Layout.FeaturesLast, input.Dims[input.ChannelAxis]);
    }

    private static string Kind(Layer layer, Shape input) => LayerDescription.Kind(layer, input);
}
