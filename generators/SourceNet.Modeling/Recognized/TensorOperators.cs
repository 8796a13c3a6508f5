using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Recognized;

/// <summary>What TorchSharp's functions and methods of tensors do, as nodes.</summary>
/// <param name="graph">Where the nodes go.</param>
/// <param name="itemsOf">The content of a list.</param>
/// <param name="manyOf">A list of nobody knows how many of one value.</param>
internal sealed class TensorOperators(GraphWriter graph, Func<int, Value.Contents> itemsOf, Func<Value, Value> manyOf)
{
    private static readonly HashSet<string> s_same =
    [
        "contiguous", "clone", "alias", "detach", "to", "to_type", "type", "float", "half", "bfloat16", "double", "cpu", "cuda", "requires_grad",
        "with_requires_grad", "pin_memory", "type_as", "positive",
        "MoveToOuterDisposeScope", "MoveToOtherDisposeScope", "DetachFromDisposeScope", "DetatchFromDisposeScope",
    ];

    private static readonly HashSet<string> s_rearranging =
    [
        "permute", "transpose", "t", "swapaxes", "swapdims", "movedim", "moveaxis", "unsqueeze", "squeeze", "expand", "expand_as", "broadcast_to", "repeat",
        "repeat_interleave", "tile", "narrow", "select", "slice",
        "index", "gather", "index_select", "roll", "flip", "unflatten", "ravel", "view", "reshape", "view_as", "chunk", "split", "tensor_split", "unbind",
        "pad", "masked_select", "take", "pixel_shuffle", "pixel_unshuffle", "channel_shuffle", "flatten",
    ];

    private static readonly HashSet<string> s_pointwise =
    [
        "exp", "log", "sqrt", "rsqrt", "pow", "square", "abs", "clamp", "clamp_min", "clamp_max", "clip", "sin", "cos", "erf", "sign", "round", "floor",
        "ceil", "log1p", "expm1", "reciprocal", "masked_fill", "where", "tril", "triu",
        "maximum", "minimum", "normalize", "logit", "nan_to_num", "tan", "atan", "sinh", "cosh", "exp2", "log2", "frac",
    ];

    private static readonly HashSet<string> s_sums = ["add", "sub", "subtract", "lerp"];

    private static readonly HashSet<string> s_products = ["mul", "multiply", "div", "divide", "true_divide"];

    private static readonly HashSet<string> s_matrixProducts = ["matmul", "bmm", "mm", "einsum", "baddbmm", "mv", "dot", "outer", "inner", "tensordot"];

    /// <summary>What a call gives; null if this is no function of tensors that is known.</summary>
    public Value? Call(IInvocationOperation call, Value? instance, Arguments arguments)
    {
        var method = arguments.Name;
        // A function of several tensors may get one of them twice.
        var operands = (instance is null ? arguments.All : arguments.All.Prepend(instance)).SelectMany(Tensors).ToArray();
        var inputs = operands.Distinct().ToArray();
        if (inputs.Length == 0)
        {
            return method == "size" ? Size(arguments)
                : call.Instance is null && TorchTypes.IsTensor(call.Type) && call.TargetMethod.ContainingType.Name == "torch"
                    ? graph.Add(new GraphOperation.Constant(method), call.Syntax)
                    : null;
        }

        if (method == "size")
        {
            return Size(arguments);
        }

        if (method.EndsWith("_like", StringComparison.Ordinal))
        {
            return graph.Add(new GraphOperation.Constant(method), call.Syntax);
        }

        if (s_same.Contains(method))
        {
            return new Value.Tensor(inputs[0]);
        }

        if (Operation(method, call, arguments, operands.Length) is not { } operation)
        {
            return null;
        }

        // Dropout that is switched off for good does nothing.
        if (operation is GraphOperation.Apply { Layer: DropoutLayer } && arguments.Flag("training") == false)
        {
            return new Value.Tensor(inputs[0]);
        }

        var result = graph.Add(operation, call.Syntax, operation is GraphOperation.Apply ? inputs : operands);
        return call.Type switch
        {
            IArrayTypeSymbol => manyOf(result),
            INamedTypeSymbol { IsTupleType: true, TupleElements.Length: var length } =>
                new Value.Tuple(Enumerable.Repeat((Value)result, length).ToImmutableArray()),
            _ => result,
        };
    }

    /// <summary>What <c>+</c>, <c>*</c> and the others do with tensors.</summary>
    public static Value Combine(GraphWriter graph, BinaryOperatorKind kind, Value left, Value right, IOperation operation)
    {
        var inputs = new[] { left, right }.OfType<Value.Tensor>().Select(tensor => tensor.Node).ToArray();
        if (inputs.Length == 0)
        {
            return Value.Unknown;
        }

        // One that is not known may be a number or a tensor: its type tells.
        var isNumber = operation.ChildOperations.Any(operand => !TorchTypes.IsTensor(Bare(operand).Type));
        GraphOperation? node = kind switch
        {
            BinaryOperatorKind.Add or BinaryOperatorKind.Subtract =>
                inputs.Length == 2 ? new GraphOperation.Sum() : isNumber ? new GraphOperation.Scale() : new GraphOperation.Unknown("+"),
            BinaryOperatorKind.Multiply or BinaryOperatorKind.Divide =>
                inputs.Length == 2 ? new GraphOperation.Product() : isNumber ? new GraphOperation.Scale() : new GraphOperation.Unknown("*"),
            _ => new GraphOperation.Unknown(kind.ToString()),
        };
        return graph.Add(node, operation.Syntax, inputs);
    }

    private static IOperation Bare(IOperation operation) => operation is IConversionOperation conversion ? Bare(conversion.Operand) : operation;

    private GraphOperation? Operation(string method, IInvocationOperation call, Arguments arguments, int inputs)
    {
        if (LayerKinds.Function(arguments) is { } layer)
        {
            return Apply(layer, call);
        }

        switch (method)
        {
            case "scaled_dot_product_attention":
                return new GraphOperation.Attend(arguments.Rate("p"));
            case "view" or "reshape" when Flattens(arguments):
                return Apply(new FlattenLayer(), call);
            case "mean" when arguments.Flag("keepdim") != true && IsOverSpace(arguments.OfAny("dimensions", "dim")):
                return Apply(new GlobalAveragePoolLayer(), call);
            case "mean" or "sum" or "amax" or "amin" or "std" or "var" or "logsumexp" when Axes(arguments.OfAny("dimensions", "dim", "dims")) is { } axes
                && arguments.Flag("keepdim") is { } keeps:
                return new GraphOperation.Reduction(method, axes, keeps);
            case "neg" or "negative":
                return new GraphOperation.Scale();
            case "cat" or "concat" or "concatenate":
                return new GraphOperation.Concatenation(arguments.Size("dim").Constant is { } axis ? (int)axis : null);
            case "stack" or "hstack" or "vstack" or "dstack" or "column_stack":
                return new GraphOperation.Concatenation(null);
        }

        return s_rearranging.Contains(method) ? new GraphOperation.Rearrangement(method, Numbers(arguments))
            : s_pointwise.Contains(method) ? new GraphOperation.Pointwise(method)
            : s_sums.Contains(method) ? inputs > 1 ? new GraphOperation.Sum() : WithNumber(method, call, inputs)
            : s_products.Contains(method) ? inputs > 1 ? new GraphOperation.Product() : WithNumber(method, call, inputs)
            : s_matrixProducts.Contains(method) ? new GraphOperation.MatrixProduct(method)
            : null;
    }

    /// <summary>One tensor with a number; with another tensor that is not known it may get another shape.</summary>
    private static GraphOperation WithNumber(string method, IInvocationOperation call, int inputs)
    {
        var tensors = call.Arguments
            .Select(argument => argument.Value)
            .Prepend(call.Instance)
            .Count(value => value is not null && TorchTypes.IsTensor(Bare(value).Type));
        return tensors > inputs ? new GraphOperation.Unknown(method) : new GraphOperation.Scale();
    }

    /// <summary>The numbers among the arguments, in their order; null if one is not known.</summary>
    private EquatableArray<Dim>? Numbers(Arguments arguments)
    {
        var numbers = new List<Dim>();
        foreach (var value in arguments.All.SelectMany(value => value is Value.List list
            ? itemsOf(list.Id) is { IsComplete: true } items ? items.All.Select(item => item.Value) : [Value.Unknown]
            : [value]))
        {
            switch (value)
            {
                case Value.Whole whole:
                    numbers.Add(whole.Size);
                    break;
                case Value.BatchSize:
                    numbers.Add(Passes.Rearranging.Batch);
                    break;
                case Value.Tensor or Value.Null:
                    break;
                default:
                    return null;
            }
        }

        return numbers.ToEquatableArray();
    }

    private GraphOperation.Apply Apply(Layer layer, IInvocationOperation call) =>
        new(layer with { Origin = graph.PlaceOf(call.Syntax) }, Dim.Unknown, null, "", -1);

    private static Value Size(Arguments arguments) =>
        arguments.All.FirstOrDefault() is Value.Whole { Size.Constant: 0 } ? new Value.BatchSize() : Value.Unknown;

    /// <summary>Whether a view keeps the batch and makes one axis of the rest: <c>view(n, -1)</c>, <c>view(-1, 784)</c>.</summary>
    private bool Flattens(Arguments arguments) =>
        arguments.All.FirstOrDefault() is Value.List list && itemsOf(list.Id) is { IsComplete: true, All.Length: 2 } sizes
        && (sizes.All[0].Value, sizes.All[1].Value) switch
        {
            (Value.BatchSize, _) => true,
            (Value.Whole { Size.Constant: -1 }, Value.Whole { Size.Constant: > 1 }) => true,
            (_, Value.Whole { Size.Constant: -1 }) => true,
            _ => false,
        };

    private EquatableArray<int>? Axes(Value axes)
    {
        var numbers = axes is Value.List list && itemsOf(list.Id) is { IsComplete: true } items
            ? items.All.Select(item => (item.Value as Value.Whole)?.Size.Constant).ToList()
            : axes is Value.Whole whole ? [whole.Size.Constant]
            : [];
        return numbers.Count == 0 || numbers.Contains(null) ? null : numbers.Select(axis => (int)axis!.Value).ToEquatableArray();
    }

    /// <summary>The axes of an image behind its batch and channels.</summary>
    private bool IsOverSpace(Value axes) => axes is Value.List list && itemsOf(list.Id) is { IsComplete: true } items
        && items.All.Select(item => (item.Value as Value.Whole)?.Size.Constant).ToList() is var numbers
        && (numbers.OrderBy(axis => axis).SequenceEqual([2L, 3L]) || numbers.OrderBy(axis => axis).SequenceEqual([-2L, -1L]));

    private IEnumerable<int> Tensors(Value value) => value switch
    {
        Value.Tensor tensor => [tensor.Node],
        Value.Maybe maybe => Tensors(maybe.Inner),
        Value.Tuple tuple => tuple.Items.SelectMany(Tensors),
        Value.List list => itemsOf(list.Id).All.SelectMany(item => Tensors(item.Value)),
        _ => [],
    };
}
