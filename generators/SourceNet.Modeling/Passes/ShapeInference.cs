using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>Follows the shape of one sample through layers, each of which knows its own rule, and tells what is wrong once.</summary>
/// <param name="freeSizes">Names that stay open until run time.</param>
/// <param name="problems">Where problems go.</param>
internal sealed class ShapeInference(IReadOnlyCollection<string> freeSizes, List<Problem> problems)
{
    /// <summary>Whether the reason why shapes are unknown from here on has been told.</summary>
    private bool _isReported;

    /// <summary>The step of a hand-written forward after which the shape of what comes in is not known; null if there is none.</summary>
    public Origin? LostAt { get; set; }

    /// <summary>Notes that the reason why shapes are unknown from here on has been told.</summary>
    public void MarkAsReported() => _isReported = true;

    /// <summary>The shape after the layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="input">The shape that it gets.</param>
    /// <param name="isReported">Whether something is wrong with the layer already: then nothing more is said about it.</param>
    public Shape After(Layer layer, Shape input, bool isReported)
    {
        var problemsBefore = problems.Count;
        var output = input.IsIndices && !layer.TakesIndices ? ExpectNumbers(layer, input) : layer.Infer(input, this);
        if (isReported)
        {
            problems.RemoveRange(problemsBefore, problems.Count - problemsBefore);
        }

        _isReported |= isReported || problems.Count > problemsBefore;
        return output;
    }

    public void Report(Problem problem) => problems.Add(problem);

    /// <summary>Whether the size is known only at run time.</summary>
    public bool IsOpen(Dim size) => size.Symbols().Any(freeSizes.Contains);

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
            problems.Add(Problems.WrongRank(layer.KindFor(input), "features on the last axis", input, layer.Origin) with
            {
                Message = $"{layer.KindFor(input)} works on the last axis, found channels first {input}: put [Flatten] or [GlobalAveragePool] before it",
            });
            return null;
        }

        return SizeOf(layer, input.Last, input);
    }

    /// <summary>A size that a parameter is made for must be known when the model is constructed; null, with a problem, if it is not.</summary>
    public Dim? SizeOf(Layer layer, Dim size, Shape input)
    {
        if (!size.IsKnown)
        {
            MissInput(layer, input);
            return null;
        }

        if (size.Symbols().FirstOrDefault(freeSizes.Contains) is { } free)
        {
            problems.Add(Problems.RunTimeSize(layer.KindFor(input), free, input, layer.Origin));
            return null;
        }

        return size;
    }

    /// <summary>A sequence of features, <c>[T, dim]</c>, as it came in.</summary>
    public Shape Sequence(Layer layer, Shape input)
    {
        if (input.IsKnown && (input.Rank != 2 || input.Layout == Layout.ChannelsFirst))
        {
            problems.Add(Problems.WrongRank(layer.KindFor(input), "a sequence of features [T, dim]", input, layer.Origin));
            return Shape.Unknown;
        }

        return LastSize(layer, input) is null ? Shape.Unknown : input with { Layout = Layout.FeaturesLast };
    }

    /// <summary>Tells that a layer cannot make its weights without a shape, unless the reason has been told.</summary>
    public void MissInput(Layer layer, Shape input) => Miss(Problems.NoInput(layer.KindFor(input), layer.Origin));

    /// <summary>Tells that a layer does not know its channel axis without a shape, unless the reason has been told.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="name">What it is called where its shape is not known.</param>
    public void MissAxis(Layer layer, string name) => Miss(Problems.NoAxis(name, layer.Origin));

    /// <summary>The first layer tells; after it everything is unknown for the same reason.</summary>
    private void Miss(Problem problem)
    {
        if (!_isReported)
        {
            problems.Add(problem with { Cause = LostAt });
        }
    }

    private Shape ExpectNumbers(Layer layer, Shape input)
    {
        problems.Add(Problems.WrongRank(layer.KindFor(input), "numbers", input, layer.Origin) with
        {
            Message = $"{layer.KindFor(input)} expects numbers, found indices {input} (Int64): look them up with [Embedding] first",
        });
        return Shape.Unknown;
    }
}
