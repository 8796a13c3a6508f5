using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>Follows the shape of one sample through a forward that somebody wrote. Nothing is reported: TorchSharp checks sizes at run time.</summary>
internal sealed class GraphShapes
{
    private readonly Func<string, Shape, Shape>? _afterBlock;
    private readonly Func<string, Shape>? _inputOf;

    private GraphShapes(Func<string, Shape, Shape>? afterBlock, Func<string, Shape>? inputOf) => (_afterBlock, _inputOf) = (afterBlock, inputOf);

    /// <summary>A graph with the shapes that follow from what its layers say. Those that are known already stay.</summary>
    public static LayerGraph Infer(LayerGraph graph, Shape? input = null)
    {
        var shapes = Infer(graph.Nodes, null, input is null ? null : _ => input);
        return graph with { Nodes = graph.Nodes.Zip(shapes, (node, shape) => node with { Output = shape }).ToEquatableArray() };
    }

    /// <summary>The shape after each node.</summary>
    /// <param name="nodes">In the order of execution.</param>
    /// <param name="afterBlock">What a block makes of a shape.</param>
    /// <param name="inputOf">The shape of a parameter of the forward.</param>
    public static IReadOnlyList<Shape> Infer(IEnumerable<GraphNode> nodes, Func<string, Shape, Shape>? afterBlock, Func<string, Shape>? inputOf)
    {
        var pass = new GraphShapes(afterBlock, inputOf);
        var shapes = new List<Shape>();
        foreach (var node in nodes)
        {
            shapes.Add(node.Output.IsKnown ? node.Output : node.Operation.Infer(node.Inputs.Select(input => shapes[input]).ToList(), pass));
        }

        return shapes;
    }

    /// <summary>The shape of a parameter of the forward.</summary>
    public Shape InputOf(string name) => _inputOf?.Invoke(name) ?? Shape.Unknown;

    /// <summary>What a block makes of a shape.</summary>
    public Shape AfterBlock(string block, Shape input) => _afterBlock?.Invoke(block, input) ?? Shape.Unknown;

    /// <summary>The shape after a layer, unless something is wrong with it.</summary>
    public Shape AfterLayer(Layer layer, Shape input, bool isKnown)
    {
        // What a layer itself says of its input tells of its output only where it says which axes there are.
        if (!isKnown && layer is not ConvolutionLayer)
        {
            input = Shape.Unknown;
        }

        var problems = new List<Problem>();
        var output = new ShapeInference([], problems).After(layer, input, isReported: false);
        return problems.Count == 0 ? output : Shape.Unknown;
    }

    /// <summary>Numbers with numbers: equal sizes stay, and a size of 1 is spread.</summary>
    public static Shape Broadcast(IReadOnlyList<Shape> shapes)
    {
        if (shapes.Count == 0 || shapes.Any(shape => !shape.IsKnown || shape.Rank != shapes[0].Rank || shape.IsIndices != shapes[0].IsIndices))
        {
            return Shape.Unknown;
        }

        var dims = Enumerable.Range(0, shapes[0].Rank).Select(axis => Spread(shapes.Select(shape => shape.Dims[axis]))).ToList();
        var layouts = shapes.Select(shape => shape.Layout).Where(layout => layout != Layout.Open).Distinct().ToList();
        return layouts.Count > 1 || dims.Any(size => size is null)
            ? Shape.Unknown
            : shapes[0] with { Dims = dims.Select(size => size!).ToEquatableArray(), Layout = layouts.Count == 1 ? layouts[0] : Layout.Open };
    }

    /// <summary>A shape without some axes, or with axes of size 1 in their place. Where the batch is one of them, no sample is left.</summary>
    public static Shape Reduced(Shape shape, IEnumerable<int> axes, bool keepsAxes)
    {
        var gone = new HashSet<int>(axes.Select(axis => (axis < 0 ? axis + shape.Rank + 1 : axis) - 1));
        if (!shape.IsKnown || gone.Any(axis => axis < 0 || axis >= shape.Rank))
        {
            return Shape.Unknown;
        }

        if (keepsAxes)
        {
            return gone.Aggregate(shape, (result, axis) => result.With(axis, 1));
        }

        var left = Enumerable.Range(0, shape.Rank).Where(axis => !gone.Contains(axis)).ToList();
        return left.Count == 0 ? Shape.Unknown
            : new Shape(
                left.Select(axis => shape.Dims[axis]).ToEquatableArray(),
                left.Count == 1 || (shape.Layout == Layout.FeaturesLast && left.Contains(shape.Rank - 1)) ? Layout.FeaturesLast : Layout.Open);
    }

    /// <summary>Shapes side by side.</summary>
    /// <param name="shapes">All but the axis agree.</param>
    /// <param name="axis">The axis of the tensors, the batch counted.</param>
    public static Shape Concatenated(IReadOnlyList<Shape> shapes, int axis)
    {
        if (shapes.Count == 0 || shapes.Any(shape => !shape.IsKnown) || Common(shapes) is not { IsKnown: true } common)
        {
            return Shape.Unknown;
        }

        var sampleAxis = axis < 0 ? common.Rank + axis : axis - 1;
        return sampleAxis >= 0 && sampleAxis < common.Rank
            ? common.With(sampleAxis, shapes.Aggregate((Dim)0, (sum, shape) => sum + shape.Dims[sampleAxis]))
            : Shape.Unknown;
    }

    /// <summary>What shapes agree in: the inputs of a block that is called several times, whose one weight has to suit them all.</summary>
    public static Shape Common(IReadOnlyList<Shape> shapes)
    {
        var layouts = shapes.Select(shape => shape.Layout).Where(layout => layout != Layout.Open).Distinct().ToList();
        return shapes.Count == 0 || layouts.Count > 1 || shapes.Any(shape => shape.Rank != shapes[0].Rank || shape.IsIndices != shapes[0].IsIndices)
            ? Shape.Unknown
            : shapes[0] with
            {
                Dims = Enumerable.Range(0, shapes[0].Rank)
                    .Select(i => shapes.All(shape => shape.Dims[i] == shapes[0].Dims[i]) ? shapes[0].Dims[i] : Dim.Unknown)
                    .ToEquatableArray(),
                Layout = layouts.Count == 1 ? layouts[0] : Layout.Open,
            };
    }

    /// <summary>The size that axes of these sizes come to; unknown where all of them are, null where they may not go together.</summary>
    private static Dim? Spread(IEnumerable<Dim> sizes)
    {
        var others = sizes.Where(size => size.Constant != 1).Distinct().ToList();
        var known = others.FindAll(size => size.IsKnown);
        return others.Count == 0 ? 1 : known.Count == 0 ? Dim.Unknown : known.Count == 1 ? known[0] : null;
    }
}
