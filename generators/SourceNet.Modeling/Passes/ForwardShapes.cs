using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>Follows shapes through a hand-written forward, so that its blocks need no <c>[Input]</c> where plain calls, sums and <c>cat</c> connect them.</summary>
internal sealed class ForwardShapes
{
    private readonly ModelDeclaration _model;
    private readonly Dictionary<string, Shape> _variables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Shape>> _inputs = new(StringComparer.Ordinal);

    private ForwardShapes(ModelDeclaration model) => _model = model;

    /// <summary>What each block gets, where it can be told, and what the forward returns.</summary>
    public static (IReadOnlyDictionary<string, Shape> Inputs, Shape Output) Infer(ModelDeclaration model, ForwardFlow flow, Shape input)
    {
        var shapes = new ForwardShapes(model);
        shapes._variables[flow.Parameter] = input;
        foreach (var step in flow.Steps)
        {
            shapes._variables[step.Variable] = shapes.ShapeOf(step.Value);
        }

        var output = shapes.ShapeOf(flow.Result);
        return (shapes._inputs.ToDictionary(pair => pair.Key, pair => Common(pair.Value)), output);
    }

    private Shape ShapeOf(FlowValue value)
    {
        switch (value)
        {
            case FlowValue.Variable variable:
                return _variables.TryGetValue(variable.Name, out var known) ? known : Shape.Unknown;
            case FlowValue.BlockCall call:
                return After(call.Block, ShapeOf(call.Argument));
            case FlowValue.Elementwise pair:
                var (left, right) = (ShapeOf(pair.Left), ShapeOf(pair.Right));
                return left.IsKnown && right.IsKnown && left.Dims == right.Dims ? Common([left, right]) : Shape.Unknown;
            case FlowValue.Concatenation concatenation:
                return Concatenate(concatenation.Items.Select(ShapeOf).ToList(), concatenation.Axis);
            case FlowValue.Unknown unknown:
                foreach (var inside in unknown.Inside)
                {
                    ShapeOf(inside);
                }

                return Shape.Unknown;
            default:
                return Shape.Unknown;
        }
    }

    private Shape After(string name, Shape input)
    {
        var block = _model.Blocks.FirstOrDefault(candidate => candidate.MethodName == name);
        if (block is null)
        {
            return Shape.Unknown;
        }

        if (!_inputs.TryGetValue(name, out var calls))
        {
            _inputs.Add(name, calls = []);
        }

        if (input.IsKnown)
        {
            calls.Add(input);
        }

        return ModelExpander.OutputOf(block, input, _model);
    }

    /// <summary>What shapes agree in: the inputs of a block that is called several times, whose one weight has to suit them all.</summary>
    private static Shape Common(IReadOnlyList<Shape> shapes)
    {
        var layouts = shapes.Select(shape => shape.Layout).Where(layout => layout != Layout.Open).Distinct().ToList();
        return shapes.Count == 0 || layouts.Count > 1 || shapes.Any(shape => shape.Rank != shapes[0].Rank || shape.IsIndices != shapes[0].IsIndices) ? Shape.Unknown
            : shapes[0] with
            {
                Dims = Enumerable.Range(0, shapes[0].Rank).Select(i => shapes.All(shape => shape.Dims[i] == shapes[0].Dims[i]) ? shapes[0].Dims[i] : Dim.Unknown).ToEquatableArray(),
                Layout = layouts.Count == 1 ? layouts[0] : Layout.Open,
            };
    }

    private static Shape Concatenate(IReadOnlyList<Shape> shapes, int axis)
    {
        if (shapes.Any(shape => !shape.IsKnown) || Common(shapes) is not { IsKnown: true } common)
        {
            return Shape.Unknown;
        }

        // The batch is axis 0 of the tensor and none of the sample.
        var sampleAxis = axis < 0 ? common.Rank + axis : axis - 1;
        return sampleAxis >= 0 && sampleAxis < common.Rank
            ? common.With(sampleAxis, shapes.Aggregate((Dim)0, (sum, shape) => sum + shape.Dims[sampleAxis]))
            : Shape.Unknown;
    }
}
