using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>
/// Shapes after functions that put the numbers of a tensor in another shape or order. The batch is axis 0 of the tensor and none of the sample.
/// </summary>
internal static class Rearranging
{
    /// <summary>The name that stands for the number of samples among sizes.</summary>
    public static readonly Dim Batch = Dim.Symbol("<batch>");

    public static Shape After(string name, EquatableArray<Dim> numbers, Shape input)
    {
        if (!input.IsKnown)
        {
            return Shape.Unknown;
        }

        return name switch
        {
            "permute" => Permuted(input, numbers.Select(axis => Axis(axis, input.Rank)).ToList()),
            "transpose" or "swapaxes" or "swapdims" when numbers.Count == 2 => Swapped(input, Axis(numbers[0], input.Rank), Axis(numbers[1], input.Rank)),
            "unsqueeze" when numbers.Count == 1 && Axis(numbers[0], input.Rank + 1) is > 0 and var axis =>
                new Shape(Inserted(input.Dims, axis - 1).ToEquatableArray(), LastStays(input, axis - 1 < input.Rank)),
            "squeeze" when numbers.Count == 1 && Axis(numbers[0], input.Rank) is > 0 and var axis && input.Dims[axis - 1].Constant == 1 =>
                new Shape(input.Dims.Where((_, i) => i != axis - 1).ToEquatableArray(), LastStays(input, axis < input.Rank)),
            "select" when numbers.Count == 2 && Axis(numbers[0], input.Rank) is > 0 and var axis =>
                new Shape(input.Dims.Where((_, i) => i != axis - 1).ToEquatableArray(), LastStays(input, axis < input.Rank)),
            "narrow" when numbers.Count == 3 && Axis(numbers[0], input.Rank) is > 0 and var axis => input.With(axis - 1, numbers[2]),
            "chunk" when numbers.Count == 2
                && Axis(numbers[1], input.Rank) is > 0 and var axis
                && Dim.DivideExactly(input.Dims[axis - 1], numbers[0]) is { } part => input.With(axis - 1, part),
            "view" or "reshape" when numbers.Count > 0 => Viewed(input, numbers),
            "roll" or "flip" => input,
            _ => Shape.Unknown,
        };
    }

    /// <summary>An axis of the tensor, counted from 0; null if it is not known, or there is none.</summary>
    private static int? Axis(Dim axis, int rank) =>
        axis.Constant is { } number && (number < 0 ? number + rank + 1 : number) is >= 0 and var counted && counted <= rank ? (int)counted : null;

    private static Shape Swapped(Shape input, int? one, int? other)
    {
        if (one is not { } a || other is not { } b)
        {
            return Shape.Unknown;
        }

        var axes = Enumerable.Range(0, input.Rank + 1).Select(axis => (int?)(axis == a ? b : axis == b ? a : axis)).ToList();
        return Permuted(input, axes);
    }

    private static Shape Permuted(Shape input, IReadOnlyList<int?> axes)
    {
        if (axes.Count != input.Rank + 1 || axes[0] != 0 || axes.Contains(null) || axes.Distinct().Count() != axes.Count)
        {
            return Shape.Unknown;
        }

        var order = axes.Skip(1).Select(axis => axis!.Value - 1).ToList();
        var channel = order.IndexOf(input.ChannelAxis);
        return new Shape(
            order.Select(axis => input.Dims[axis]).ToEquatableArray(),
            channel == order.Count - 1 ? Layout.FeaturesLast : channel == 0 ? Layout.ChannelsFirst : Layout.Open)
        { IsIndices = input.IsIndices };
    }

    /// <summary>A view, if its batch is the tensor's. One whose axes mean something else than before does not say which holds the channels.</summary>
    private static Shape Viewed(Shape input, EquatableArray<Dim> sizes)
    {
        var rest = sizes.Skip(1).ToList();
        var open = rest.FindAll(size => size.Constant == -1);
        if (rest.Any(size => !size.IsKnown) || open.Count > 1 || (sizes[0] != Batch && !(sizes[0].Constant == -1 && open.Count == 0)))
        {
            return Shape.Unknown;
        }

        var known = rest.Where(size => size.Constant != -1).Aggregate((Dim)1, (product, size) => product * size);
        var dims = rest.Select(size => size.Constant == -1 ? Dim.DivideExactly(input.Elements, known) ?? Dim.Unknown : size).ToList();
        if (dims.Any(size => !size.IsKnown) || Dim.SurelyDiffer(dims.Aggregate((Dim)1, (product, size) => product * size), input.Elements))
        {
            return Shape.Unknown;
        }

        var keepsFeatures = dims.Count > 0 && dims[dims.Count - 1] == input.Last && !input.IsChannelsFirst;
        return dims.Count == 1 || keepsFeatures ? new Shape(dims.ToEquatableArray(), Layout.FeaturesLast) { IsIndices = input.IsIndices }
            : dims.Count == 2 ? new Shape(dims.ToEquatableArray(), Layout.Open) { IsIndices = input.IsIndices }
            : Shape.Unknown;
    }

    private static IEnumerable<Dim> Inserted(IReadOnlyList<Dim> dims, int place) => dims.Take(place).Append(1).Concat(dims.Skip(place));

    /// <summary>The layout, as long as the axis with the features is still the last one.</summary>
    private static Layout LastStays(Shape input, bool stays) => input.Layout == Layout.FeaturesLast && stays ? Layout.FeaturesLast : Layout.Open;
}
