using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>Follows shapes through a hand-written forward, so that its blocks need no <c>[Input]</c> where plain calls, sums and <c>cat</c> connect them.</summary>
internal sealed class ForwardShapes
{
    private readonly ModelDeclaration _model;
    private readonly Dictionary<string, Shape> _variables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Shape> _inputs = new(StringComparer.Ordinal);

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

        return (shapes._inputs, shapes.ShapeOf(flow.Result));
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
                return left.Dims == right.Dims && left.IsKnown ? left : Shape.Unknown;
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

        // A block that is called with different shapes has none that its weights could be made for.
        _inputs[name] = _inputs.TryGetValue(name, out var before) && before != input ? Shape.Unknown : input;
        return GraphBuilder.OutputOf(block, input, _model);
    }

    private static Shape Concatenate(IReadOnlyList<Shape> shapes, int axis)
    {
        if (shapes.Count == 0 || shapes.Any(shape => !shape.IsKnown || shape.Rank != shapes[0].Rank))
        {
            return Shape.Unknown;
        }

        // The batch is axis 0 of the tensor and none of the sample.
        var sampleAxis = axis < 0 ? shapes[0].Rank + axis : axis - 1;
        if (sampleAxis < 0 || sampleAxis >= shapes[0].Rank)
        {
            return Shape.Unknown;
        }

        var sizes = Enumerable.Range(0, shapes[0].Rank).Select(i =>
            i == sampleAxis ? shapes.Aggregate((Dim)0, (sum, shape) => sum + shape.Dims[i])
            : shapes.All(shape => shape.Dims[i] == shapes[0].Dims[i]) ? shapes[0].Dims[i]
            : Dim.Unknown);
        return shapes[0] with { Dims = sizes.ToEquatableArray() };
    }
}
