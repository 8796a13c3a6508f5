using System.Globalization;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>Follows the shape of one sample through a block's layers. What is not known stays unknown, and nothing is reported about it.</summary>
internal sealed class ShapeInference(IReadOnlyCollection<string> freeSizes, List<Problem> problems)
{
    private bool _isReported;

    /// <summary>Notes that the reason why shapes are unknown from here on has been told.</summary>
    public void MarkAsReported() => _isReported = true;

    /// <summary>The shape after the layer.</summary>
    /// <param name="isReported">Whether something is wrong with the layer already: then nothing more is said about it.</param>
    public Shape After(Layer layer, Shape input, bool isReported)
    {
        var problemsBefore = problems.Count;
        var output = Infer(layer, input);
        if (isReported)
        {
            problems.RemoveRange(problemsBefore, problems.Count - problemsBefore);
        }

        _isReported |= isReported || problems.Count > problemsBefore;
        return output;
    }

    private Shape Infer(Layer layer, Shape input)
    {
        if (input.IsIndices && layer is not (EmbeddingLayer or StackLayer or FlattenLayer or ReshapeLayer))
        {
            problems.Add(Problems.WrongRank(Kind(layer, input), "numbers", input, layer.Origin) with
            {
                Message = $"{Kind(layer, input)} expects numbers, found indices {input} (Int64): look them up with [Embedding] first",
            });
            return Shape.Unknown;
        }

        return layer switch
        {
            LinearLayer linear => Linear(linear, input),
            ConvolutionLayer conv => Convolution(conv, input),
            EmbeddingLayer embedding => Embedding(embedding, input),
            PositionEmbeddingLayer position => PositionEmbedding(position, input),
            AttentionLayer attention => Attention(attention, input),
            FeedForwardLayer or SwiGluLayer => FeatureSize(layer, input) is null ? Shape.Unknown : input with { Layout = Layout.FeaturesLast },
            NormLayer norm => Norm(norm, input),
            ActivationLayer activation => Activation(activation, input),
            PoolLayer pool => Pool(pool, input),
            GlobalAveragePoolLayer => GlobalAveragePool(layer, input),
            FlattenLayer => input.IsKnown ? Shape.Of(Layout.FeaturesLast, input.Elements) with { IsIndices = input.IsIndices } : input,
            ReshapeLayer reshape => Reshape(reshape, input),
            SoftmaxLayer => OnChannels(layer, input),
            DropoutLayer dropout => Dropout(dropout, input),
            StackLayer stack => Stack(stack, input),
            UnreadableLayer => Shape.Unknown,
            _ => input,
        };
    }

    private Shape Linear(LinearLayer layer, Shape input) =>
        FeatureSize(layer, input) is null ? Shape.Unknown : input.With(input.Rank - 1, layer.OutFeatures) with { Layout = Layout.FeaturesLast };

    /// <summary>The size of the last axis, which a weight is made for; null, with a problem, where it cannot be told.</summary>
    private Dim? FeatureSize(Layer layer, Shape input)
    {
        if (!input.IsKnown)
        {
            MissInput(layer, input);
            return null;
        }

        if (input.IsChannelsFirst)
        {
            problems.Add(Problems.WrongRank(Kind(layer, input), "features on the last axis", input, layer.Origin) with
            {
                Message = $"{Kind(layer, input)} works on the last axis, found channels first {input}: put [Flatten] or [GlobalAveragePool] before it",
            });
            return null;
        }

        return WeightSize(layer, input.Last, input);
    }

    /// <summary>A size that a parameter is made for must be known when the model is constructed.</summary>
    private Dim? WeightSize(Layer layer, Dim size, Shape input)
    {
        if (!size.IsKnown)
        {
            MissInput(layer, input);
            return null;
        }

        if (size.Symbols().FirstOrDefault(freeSizes.Contains) is { } free)
        {
            problems.Add(Problems.RunTimeSize(Kind(layer, input), free, input, layer.Origin));
            return null;
        }

        return size;
    }

    private void MissInput(Layer layer, Shape input)
    {
        // The first layer tells; after it everything is unknown for the same reason.
        if (!_isReported)
        {
            problems.Add(layer switch
            {
                DropoutLayer => Problems.NoAxis("SpatialDropout", layer.Origin),
                ActivationLayer or GlobalAveragePoolLayer or SoftmaxLayer => Problems.NoAxis(Kind(layer, input), layer.Origin),
                _ => Problems.NoInput(Kind(layer, input), layer.Origin),
            });
        }
    }

    private Shape Convolution(ConvolutionLayer layer, Shape input)
    {
        if (ChannelsOf(layer, input, layer.Rank) is not { } channels)
        {
            return Shape.Unknown;
        }

        foreach (var (what, size) in new[] { ("input channels", channels), ("output channels", layer.OutChannels) })
        {
            if (size.Constant is { } count && layer.Groups.Constant is { } groups && count % groups != 0)
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
            MissInput(layer, input);
            return null;
        }

        if (input.Rank != spatialAxes + 1 || input.Layout == Layout.FeaturesLast)
        {
            var axes = spatialAxes switch { 1 => "[C, L]", 2 => "[C, H, W]", _ => "[C, D, H, W]" };
            problems.Add(Problems.WrongRank(Kind(layer, input), axes + (input.Rank == spatialAxes + 1 ? " with channels first" : ""), input, layer.Origin));
            return null;
        }

        return WeightSize(layer, input.Dims[0], input);
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

    private Shape Embedding(EmbeddingLayer layer, Shape input)
    {
        if (!input.IsKnown)
        {
            return Shape.Unknown;
        }

        if (!input.IsIndices)
        {
            problems.Add(Problems.WrongRank("Embedding", "indices (Int64)", input, layer.Origin) with
            {
                Message = $"Embedding expects indices, found numbers {input}: say [Input(..., DType = ScalarType.Int64)]",
            });
        }

        return new Shape(input.Dims.Append(layer.Width).ToEquatableArray(), Layout.FeaturesLast);
    }

    /// <summary>A sequence of features, <c>[T, dim]</c>, as it came in.</summary>
    private Shape Sequence(Layer layer, Shape input)
    {
        if (input.IsKnown && (input.Rank != 2 || input.Layout == Layout.ChannelsFirst))
        {
            problems.Add(Problems.WrongRank(Kind(layer, input), "a sequence of features [T, dim]", input, layer.Origin));
            return Shape.Unknown;
        }

        return FeatureSize(layer, input) is null ? Shape.Unknown : input with { Layout = Layout.FeaturesLast };
    }

    private Shape PositionEmbedding(PositionEmbeddingLayer layer, Shape input)
    {
        var output = Sequence(layer, input);
        if (output.IsKnown && output.Dims[0].Constant > layer.MaxLength.Constant)
        {
            problems.Add(Problems.WrongValue("The number of positions of PositionEmbedding", $"at least {output.Dims[0]}, the length of {output}", layer.MaxLength.ToString(), layer.Origin));
        }

        return output;
    }

    private Shape Attention(AttentionLayer layer, Shape input)
    {
        var output = Sequence(layer, input);
        if (output.Last.Constant is { } width && layer.Heads.Constant is { } heads)
        {
            if (width % heads != 0)
            {
                problems.Add(Problems.NotDivisible("The heads of Attention must divide its features", output.Last.ToString(), layer.Heads.ToString(), layer.Origin));
            }
            else if (layer.Rotary && width / heads % 2 != 0)
            {
                problems.Add(Problems.WrongValue("The size of a head of rotary Attention", "even", $"{output.Last} / {layer.Heads}", layer.Origin));
            }
        }

        return output;
    }

    private Shape Norm(NormLayer layer, Shape input)
    {
        if (!input.IsKnown)
        {
            MissInput(layer, input);
            return Shape.Unknown;
        }

        if (layer.Function is NormFunction.Layer or NormFunction.RMS)
        {
            var normalized = input.IsChannelsFirst ? input.Dims.ToList() : [input.Last];
            return normalized.All(size => WeightSize(layer, size, input) is not null) ? input : Shape.Unknown;
        }

        var isSequence = input.Layout == Layout.FeaturesLast && input.Rank > 1;
        if (isSequence || input.Rank > 4 || (layer.Function == NormFunction.Instance && input.Rank < 2))
        {
            var smallest = layer.Function == NormFunction.Instance ? "[C, L]" : "[C]";
            problems.Add(Problems.WrongRank(Kind(layer, input), $"channels first, {smallest} to [C, D, H, W]", input, layer.Origin) with
            {
                Message = isSequence
                    ? $"{Kind(layer, input)} normalizes channels on the first axis, found features on the last axis of {input}: use [Norm(Layer)] or [Norm(RMS)]"
                    : $"{Kind(layer, input)} expects channels first, {smallest} to [C, D, H, W], found {input}",
            });
            return Shape.Unknown;
        }

        if (WeightSize(layer, input.Dims[0], input) is not { } channels)
        {
            return Shape.Unknown;
        }

        if (layer.Function == NormFunction.Group && channels.Constant % layer.Groups.Constant is { } rest && rest != 0)
        {
            problems.Add(Problems.NotDivisible("Groups of GroupNorm (32 if nothing is said) must divide its channels", channels.ToString(), layer.Groups.ToString(), layer.Origin));
            return Shape.Unknown;
        }

        return input.Rank > 1 ? input with { Layout = Layout.ChannelsFirst } : input;
    }

    /// <summary>A function over the channel or feature axis, whichever it is: where the shape is unknown it cannot be told.</summary>
    private Shape OnChannels(Layer layer, Shape input)
    {
        if (!input.IsKnown)
        {
            MissInput(layer, input);
        }

        return input;
    }

    private Shape Activation(ActivationLayer layer, Shape input)
    {
        if (layer.Function != ActivationFunction.GLU)
        {
            return input;
        }

        if (!OnChannels(layer, input).IsKnown)
        {
            return input;
        }

        var size = input.Dims[input.ChannelAxis];
        if (Dim.DivideExactly(size - 1, 2) is not null)
        {
            problems.Add(Problems.NotDivisible("GLU halves the channels or features", size.ToString(), "2", layer.Origin));
            return Shape.Unknown;
        }

        return input.With(input.ChannelAxis, size / 2);
    }

    private Shape Pool(PoolLayer layer, Shape input)
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

    private Shape GlobalAveragePool(Layer layer, Shape input)
    {
        if (!input.IsKnown)
        {
            MissInput(layer, input);
            return Shape.Unknown;
        }

        if (input.Rank < 2)
        {
            problems.Add(Problems.WrongRank("GlobalAveragePool", "[C, ...] or [T, dim]", input, layer.Origin));
            return Shape.Unknown;
        }

        return Shape.Of(Layout.FeaturesLast, input.Dims[input.ChannelAxis]);
    }

    private Shape Reshape(ReshapeLayer layer, Shape input)
    {
        var output = new Shape(layer.Sizes, Layout.Open) { IsIndices = input.IsIndices };
        if (layer.Sizes.Count == 0)
        {
            return Shape.Unknown;
        }

        var open = layer.Sizes.Where(size => size.Symbols().Any(freeSizes.Contains)).ToList();
        if (open.Count > 1)
        {
            problems.Add(Problems.WrongValue("The sizes of Reshape", "known at construction, except for one", string.Join(" and ", open), layer.Origin));
            return Shape.Unknown;
        }

        if (Dim.SurelyDiffer(input.Elements, output.Elements))
        {
            problems.Add(Problems.ReshapeMismatch(input, output, layer.Origin));
            return Shape.Unknown;
        }

        return output;
    }

    private Shape Dropout(DropoutLayer layer, Shape input)
    {
        var fits = !input.IsKnown || layer.Kind switch
        {
            DropoutKind.Spatial => input.Rank is >= 2 and <= 4 && input.Layout != Layout.FeaturesLast,
            DropoutKind.Block => input.Rank == 3 && input.Layout != Layout.FeaturesLast,
            _ => true,
        };
        if (!fits)
        {
            problems.Add(Problems.WrongRank(layer.Kind == DropoutKind.Block ? "DropBlock" : "SpatialDropout", layer.Kind == DropoutKind.Block ? "a feature map [C, H, W]" : "feature maps, channels first: [C, L], [C, H, W] or [C, D, H, W]", input, layer.Origin));
        }
        else if (!input.IsKnown && layer.Kind == DropoutKind.Spatial)
        {
            MissInput(layer, input);
        }
        else if (layer.Kind == DropoutKind.Block && input.IsKnown && input.Dims.Skip(1).FirstOrDefault(side => side.Constant < layer.BlockSize) is not null)
        {
            problems.Add(Problems.WrongValue("BlockSize of DropBlock", $"at most a side of the feature map {input}", layer.BlockSize.ToString(CultureInfo.InvariantCulture), layer.Origin));
        }

        return layer.Kind is DropoutKind.Spatial or DropoutKind.Block && input.IsKnown && fits ? input with { Layout = Layout.ChannelsFirst } : input;
    }

    private Shape Stack(StackLayer layer, Shape input)
    {
        if (layer.Model is not { } model)
        {
            return Shape.Unknown;
        }

        if (input.IsKnown && model.Input is { ElementType: var type } && input.IsIndices != (type == "Int64"))
        {
            var (expects, found) = input.IsIndices ? ("numbers", "indices (Int64)") : ("indices (Int64)", "numbers");
            problems.Add(Problems.WrongRank(layer.DisplayName, expects, input, layer.Origin) with { Message = $"{layer.DisplayName} expects {expects}, found {found} {input}" });
            return Shape.Unknown;
        }

        var sizes = layer.Sizes.GroupBy(size => size.Name).ToDictionary(group => group.Key, group => group.First().Size);
        var graph = GraphBuilder.BuildStacked(model);
        if (model.Input?.Shape is { } expected && input.IsKnown)
        {
            foreach (var free in model.FreeSizes)
            {
                var axis = expected.Dims.ToList().IndexOf(Dim.Symbol(free));
                if (axis >= 0 && axis < input.Rank)
                {
                    sizes[free] = input.Dims[axis];
                }
            }

            var wanted = expected.Substitute(SizeOf);
            if (Shape.SurelyDiffer(wanted, input))
            {
                problems.Add(Problems.StackInput(layer.DisplayName, wanted, input, layer.Origin));
                return Shape.Unknown;
            }
        }

        var output = graph.Output.Substitute(SizeOf);
        if (layer.Repeat.Constant != 1 && Shape.SurelyDiffer(output, input))
        {
            problems.Add(Problems.StackRepeats(layer.DisplayName, input, output, layer.Origin));
            return Shape.Unknown;
        }

        return output;

        // A parameter that the stack leaves at its default has a value, but it is not looked up.
        Dim SizeOf(string name) => sizes.TryGetValue(name, out var size) ? size : Dim.Unknown;
    }

    private static string Kind(Layer layer, Shape input) => LayerDescription.Kind(layer, input);
}
