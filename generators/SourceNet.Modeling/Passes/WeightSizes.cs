using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>The sizes that weights are made for. They must be known when the model is constructed.</summary>
internal sealed class WeightSizes(IReadOnlyCollection<string> freeSizes, List<Problem> problems)
{
    /// <summary>Whether the reason why shapes are unknown from here on has been told.</summary>
    public bool IsReported { get; set; }

    /// <summary>The size of the last axis, which a weight is made for; null, with a problem, where it cannot be told.</summary>
    public Dim? LastSize(Layer layer, Shape input)
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

        return SizeOf(layer, input.Last, input);
    }

    /// <summary>A size that a parameter is made for must be known when the model is constructed.</summary>
    public Dim? SizeOf(Layer layer, Dim size, Shape input)
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

    /// <summary>Tells that a layer needs a shape that is not known, unless the reason has been told.</summary>
    public void MissInput(Layer layer, Shape input)
    {
        // The first layer tells; after it everything is unknown for the same reason.
        if (!IsReported)
        {
            problems.Add(layer switch
            {
                DropoutLayer => Problems.NoAxis("SpatialDropout", layer.Origin),
                ActivationLayer or GlobalAveragePoolLayer or SoftmaxLayer => Problems.NoAxis(Kind(layer, input), layer.Origin),
                _ => Problems.NoInput(Kind(layer, input), layer.Origin),
            });
        }
    }

    private static string Kind(Layer layer, Shape input) => LayerDescription.Kind(layer, input);
}
