using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>Shapes after a model that is used as a layer.</summary>
internal static class StackShapes
{
    public static Shape After(StackLayer layer, Shape input, List<Problem> problems)
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
        var graph = ModelExpander.ExpandStacked(model);
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
}
