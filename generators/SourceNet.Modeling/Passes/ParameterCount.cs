using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>How many numbers a layer learns, as a number or an expression over the model's sizes; unknown where its shape is.</summary>
public static class ParameterCount
{
    /// <summary>Of a layer in its place; a tied weight counts where it is made.</summary>
    public static Dim Of(PlacedLayer placed)
    {
        if (placed.Layer is StackLayer stack)
        {
            return stack.Model is null ? Dim.Unknown : stack.Repeat * Of(ModelExpander.ExpandStacked(stack.Model)).Substitute(name => stack.Sizes.FirstOrDefault(size => size.Name == name)?.Size);
        }

        return Members(placed).Aggregate((Dim)0, (sum, member) => sum + Of(placed, member));
    }

    /// <summary>Of one of its parameters: <c>weight</c>, or <c>query.bias</c> of a composed layer.</summary>
    public static Dim Of(PlacedLayer placed, string member)
    {
        var width = placed.Input.Last;
        // A convolution knows which axis its channels are on, whatever the shape says.
        var axis = placed.Layer is ConvolutionLayer { Rank: var rank } ? placed.Input.Rank - 1 - rank : placed.Input.ChannelAxis;
        var channels = placed.Input.IsKnown && axis >= 0 && axis < placed.Input.Rank ? placed.Input.Dims[axis] : Dim.Unknown;
        var isBias = member.EndsWith("bias", StringComparison.Ordinal);
        return placed.Layer switch
        {
            LinearLayer linear => isBias || member == "magnitude" ? linear.OutFeatures : linear.OutFeatures * width,
            ConvolutionLayer conv when isBias || member == "magnitude" => conv.OutChannels,
            ConvolutionLayer conv => conv.Kernel.Aggregate(conv.OutChannels * channels / conv.Groups, (product, size) => product * size),
            EmbeddingLayer embedding => embedding.Count * embedding.Width,
            PositionEmbeddingLayer position => position.MaxLength * width,
            AttentionLayer attention => OutputsOf(attention, member, width) * (isBias ? 1 : width),
            FeedForwardLayer feedForward => member switch { "up.bias" => feedForward.Hidden, "down.bias" => width, _ => feedForward.Hidden * width },
            SwiGluLayer swiGlu => member switch { "down.bias" => width, "gate.bias" or "up.bias" => swiGlu.Hidden, _ => swiGlu.Hidden * width },
            NormLayer norm => norm.Function is NormKind.Layer or NormKind.RMS ? width : channels,
            ActivationLayer => 1,
            _ => Dim.Unknown,
        };
    }

    /// <summary>Of a whole model.</summary>
    public static Dim Of(ExpandedModel model) => model.Declaration.Parts.Count > 0
        ? Dim.Unknown
        : model.Blocks.SelectMany(block => block.Layers).Aggregate((Dim)0, (sum, placed) => sum + Of(placed));

    private static Dim OutputsOf(AttentionLayer attention, string member, Dim width) =>
        member.StartsWith("key", StringComparison.Ordinal) || member.StartsWith("value", StringComparison.Ordinal)
            ? width / attention.Heads * (attention.KeyValueHeads ?? attention.Heads)
            : width;

    private static IEnumerable<string> Members(PlacedLayer placed) => RegularizationPlanner.WeightsOf(placed).Concat(RegularizationPlanner.OthersOf(placed, Regularizers.WeightRegularizers.None));
}
