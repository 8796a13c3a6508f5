using System.Globalization;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>Follows the shape of one sample through a block's layers. What is not known stays unknown, and nothing is reported about it.</summary>
internal sealed class ShapeInference
{
    private readonly IReadOnlyCollection<string> _freeSizes;
    private readonly List<Problem> _problems;
    private readonly WeightSizes _weights;
    private readonly WindowShapes _windows;

    public ShapeInference(IReadOnlyCollection<string> freeSizes, List<Problem> problems)
    {
        _freeSizes = freeSizes;
        _problems = problems;
        _weights = new WeightSizes(freeSizes, problems);
        _windows = new WindowShapes(_weights, problems);
    }

    /// <summary>Notes that the reason why shapes are unknown from here on has been told.</summary>
    public void MarkAsReported() => _weights.IsReported = true;

    /// <summary>The shape after the layer.</summary>
    /// <param name="isReported">Whether something is wrong with the layer already: then nothing more is said about it.</param>
    public Shape After(Layer layer, Shape input, bool isReported)
    {
        var problemsBefore = _problems.Count;
        var output = Infer(layer, input);
        if (isReported)
        {
            _problems.RemoveRange(problemsBefore, _problems.Count - problemsBefore);
        }

        _weights.IsReported |= isReported || _problems.Count > problemsBefore;
        return output;
    }

    private Shape Infer(Layer layer, Shape input)
    {
        if (input.IsIndices && layer is not (EmbeddingLayer or StackLayer or FlattenLayer or ReshapeLayer))
        {
            _problems.Add(Problems.WrongRank(Kind(layer, input), "numbers", input, layer.Origin) with
            {
                Message = $"{Kind(layer, input)} expects numbers, found indices {input} (Int64): look them up with [Embedding] first",
            });
            return Shape.Unknown;
        }

        return layer switch
        {
            LinearLayer linear => Linear(linear, input),
            ConvolutionLayer conv => _windows.Convolution(conv, input),
            EmbeddingLayer embedding => Embedding(embedding, input),
            PositionEmbeddingLayer position => PositionEmbedding(position, input),
            AttentionLayer attention => Attention(attention, input),
            FeedForwardLayer or SwiGluLayer => _weights.LastSize(layer, input) is null ? Shape.Unknown : input with { Layout = Layout.FeaturesLast },
            NormLayer norm => Norm(norm, input),
            ActivationLayer activation => Activation(activation, input),
            PoolLayer pool => _windows.Pool(pool, input),
            GlobalAveragePoolLayer => _windows.GlobalAveragePool(layer, input),
            FlattenLayer => input.IsKnown ? Shape.Of(Layout.FeaturesLast, input.Elements) with { IsIndices = input.IsIndices } : input,
            ReshapeLayer reshape => Reshape(reshape, input),
            SoftmaxLayer => OnChannels(layer, input),
            DropoutLayer dropout => Dropout(dropout, input),
            StackLayer stack => StackShapes.After(stack, input, _problems),
            UnreadableLayer => Shape.Unknown,
            _ => input,
        };
    }

    private Shape Linear(LinearLayer layer, Shape input) =>
        _weights.LastSize(layer, input) is null ? Shape.Unknown : input.With(input.Rank - 1, layer.OutFeatures) with { Layout = Layout.FeaturesLast };

    private Shape Embedding(EmbeddingLayer layer, Shape input)
    {
        if (!input.IsKnown)
        {
            return Shape.Unknown;
        }

        if (!input.IsIndices)
        {
            _problems.Add(Problems.WrongRank("Embedding", "indices (Int64)", input, layer.Origin) with
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
            _problems.Add(Problems.WrongRank(Kind(layer, input), "a sequence of features [T, dim]", input, layer.Origin));
            return Shape.Unknown;
        }

        return _weights.LastSize(layer, input) is null ? Shape.Unknown : input with { Layout = Layout.FeaturesLast };
    }

    private Shape PositionEmbedding(PositionEmbeddingLayer layer, Shape input)
    {
        var output = Sequence(layer, input);
        if (output.IsKnown && output.Dims[0].Constant > layer.MaxLength.Constant)
        {
            _problems.Add(Problems.WrongValue("The number of positions of PositionEmbedding", $"at least {output.Dims[0]}, the length of {output}", layer.MaxLength.ToString(), layer.Origin));
        }

        return output;
    }

    private Shape Attention(AttentionLayer layer, Shape input)
    {
        var output = Sequence(layer, input);
        if (output.Last.Constant is { } width && layer.Heads.Constant is not 0 and { } heads)
        {
            if (width % heads != 0)
            {
                _problems.Add(Problems.NotDivisible("The heads of Attention must divide its features", output.Last.ToString(), layer.Heads.ToString(), layer.Origin));
            }
            else if (layer.Rotary && width / heads % 2 != 0)
            {
                _problems.Add(Problems.WrongValue("The size of a head of rotary Attention", "even", $"{output.Last} / {layer.Heads}", layer.Origin));
            }
        }

        return output;
    }

    private Shape Norm(NormLayer layer, Shape input)
    {
        if (!input.IsKnown)
        {
            _weights.MissInput(layer, input);
            return Shape.Unknown;
        }

        if (layer.Function is NormKind.Layer or NormKind.RMS)
        {
            var normalized = input.IsChannelsFirst ? input.Dims.ToList() : [input.Last];
            return normalized.All(size => _weights.SizeOf(layer, size, input) is not null) ? input : Shape.Unknown;
        }

        var isSequence = input.Layout == Layout.FeaturesLast && input.Rank > 1;
        if (isSequence || input.Rank > 4 || (layer.Function == NormKind.Instance && input.Rank < 2))
        {
            var smallest = layer.Function == NormKind.Instance ? "[C, L]" : "[C]";
            _problems.Add(Problems.WrongRank(Kind(layer, input), $"channels first, {smallest} to [C, D, H, W]", input, layer.Origin) with
            {
                Message = isSequence
                    ? $"{Kind(layer, input)} normalizes channels on the first axis, found features on the last axis of {input}: use [Norm(Layer)] or [Norm(RMS)]"
                    : $"{Kind(layer, input)} expects channels first, {smallest} to [C, D, H, W], found {input}",
            });
            return Shape.Unknown;
        }

        if (_weights.SizeOf(layer, input.Dims[0], input) is not { } channels)
        {
            return Shape.Unknown;
        }

        if (layer.Function == NormKind.Group && layer.Groups.Constant != 0 && channels.Constant % layer.Groups.Constant is { } rest && rest != 0)
        {
            _problems.Add(Problems.NotDivisible("Groups of GroupNorm (32 if nothing is said) must divide its channels", channels.ToString(), layer.Groups.ToString(), layer.Origin));
            return Shape.Unknown;
        }

        return input.Rank > 1 ? input with { Layout = Layout.ChannelsFirst } : input;
    }

    /// <summary>A function over the channel or feature axis, whichever it is: where the shape is unknown it cannot be told.</summary>
    private Shape OnChannels(Layer layer, Shape input)
    {
        if (!input.IsKnown)
        {
            _weights.MissInput(layer, input);
        }

        return input;
    }

    private Shape Activation(ActivationLayer layer, Shape input)
    {
        if (layer.Function != ActivationKind.GLU)
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
            _problems.Add(Problems.NotDivisible("GLU halves the channels or features", size.ToString(), "2", layer.Origin));
            return Shape.Unknown;
        }

        return input.With(input.ChannelAxis, size / 2);
    }

    private Shape Reshape(ReshapeLayer layer, Shape input)
    {
        var output = new Shape(layer.Sizes, Layout.Open) { IsIndices = input.IsIndices };
        if (layer.Sizes.Count == 0)
        {
            return Shape.Unknown;
        }

        var open = layer.Sizes.Where(size => size.Symbols().Any(_freeSizes.Contains)).ToList();
        if (open.Count > 1)
        {
            _problems.Add(Problems.WrongValue("The sizes of Reshape", "known at construction, except for one", string.Join(" and ", open), layer.Origin));
            return Shape.Unknown;
        }

        if (Dim.SurelyDiffer(input.Elements, output.Elements))
        {
            _problems.Add(Problems.ReshapeMismatch(input, output, layer.Origin));
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
            _problems.Add(Problems.WrongRank(layer.Kind == DropoutKind.Block ? "DropBlock" : "SpatialDropout", layer.Kind == DropoutKind.Block ? "a feature map [C, H, W]" : "feature maps, channels first: [C, L], [C, H, W] or [C, D, H, W]", input, layer.Origin));
        }
        else if (!input.IsKnown && layer.Kind == DropoutKind.Spatial)
        {
            _weights.MissInput(layer, input);
        }
        else if (layer.Kind == DropoutKind.Block && input.IsKnown && input.Dims.Skip(1).FirstOrDefault(side => side.Constant < layer.BlockSize) is not null)
        {
            _problems.Add(Problems.WrongValue("BlockSize of DropBlock", $"at most a side of the feature map {input}", layer.BlockSize.ToString(CultureInfo.InvariantCulture), layer.Origin));
        }

        return layer.Kind is DropoutKind.Spatial or DropoutKind.Block && input.IsKnown && fits ? input with { Layout = Layout.ChannelsFirst } : input;
    }

    private static string Kind(Layer layer, Shape input) => LayerDescription.Kind(layer, input);
}
