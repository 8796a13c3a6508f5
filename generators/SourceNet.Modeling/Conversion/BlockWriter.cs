using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Recognized;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Conversion;

/// <summary>Writes the layers of a hand-written module's graph as blocks.</summary>
/// <param name="source">The class.</param>
/// <param name="model">What was read of it, with shapes as far as they are known.</param>
/// <param name="semantics">The meaning of its code.</param>
internal sealed class BlockWriter(HandWrittenClass source, RecognizedModel model, SemanticModel semantics)
{
    /// <summary>Names of axes whose size no layer says.</summary>
    private static readonly string[] s_freeAxes = ["H", "W", "D", "T"];

    private readonly HashSet<string> _names = new(source.Type.GetMembers().Select(member => member.Name))
    {
        source.Type.Name, "Loss", "Plan", "Summary", "ParameterGroups", "CreateOptimizer", "CreateSgd", "RegisterLayers",
    };

    private readonly HashSet<string> _takenRoles = [];

    /// <summary>Whether a size was left open that only the shape of a sample tells.</summary>
    public bool LeavesSizesOpen { get; private set; }

    /// <summary>The blocks of a forward that only chains layers, and the shape that goes in; null if it does something else.</summary>
    /// <param name="input">The shape of one sample; null if nobody says it.</param>
    public (string Blocks, string Input)? Chain(Shape? input)
    {
        if (!IsChain())
        {
            return null;
        }

        var steps = model.Graph.Nodes.Skip(1).Select(node => (GraphOperation.Apply)node.Operation).ToList();
        if (steps.Where(step => step.Module >= 0).GroupBy(step => step.Module).Any(uses => uses.Count() > 1)
            || !steps.All(step => step.Module >= 0 ? IsOfTorchSharp(step) : IsPlainFunction(step)))
        {
            return null;
        }

        var code = new StringBuilder();
        var isFlat = false;
        var stated = input is null ? null : InputText(input, steps[0].Layer is EmbeddingLayer);
        foreach (var group in Groups(steps))
        {
            var first = group.FirstOrDefault(step => LayerAttribute.HasState(step.Layer));
            if (first is null || LayerAttribute.Of(group, _takenRoles) is not { } attributes)
            {
                return null;
            }

            var own = input is null ? InputOf(first) : null;
            if (stated is null && own is null)
            {
                return null;
            }

            var lines = new AttributeLines();
            if (isFlat && own is not null && first.Layer is LinearLayer && NeedsInput(first))
            {
                // Behind a flatten the size is what the author says; everywhere else it follows.
                lines.Add(InputText(own, isIndices: false), begins: false);
            }

            Write(code, lines, group, attributes, Name(first.Path));
            stated ??= InputText(own!, first.Layer is EmbeddingLayer);
            isFlat |= group.Any(step => step.Layer is FlattenLayer);
        }

        return (code.ToString(), stated!);
    }

    /// <summary>The block that takes the place of a field; null if it must stay.</summary>
    /// <param name="part">The field.</param>
    /// <param name="statesInput">Whether the block says what it gets even where that follows from the input of the model.</param>
    public (string Name, string Code)? Block(ConvertedPart part, bool statesInput)
    {
        if (!CallRewriter.OnlyCalls(source, part.Member)
            || Layers(part) is not { } steps
            || !steps.All(IsOfTorchSharp)
            || LayerAttribute.Of(steps, _takenRoles) is not { } attributes)
        {
            return null;
        }

        var lines = new AttributeLines();
        if (steps.FirstOrDefault(step => LayerAttribute.HasState(step.Layer)) is { } first && (statesInput || NeedsInput(first)))
        {
            if (InputOf(first) is not { } input)
            {
                return null;
            }

            lines.Add(InputText(input, first.Layer is EmbeddingLayer), begins: false);
        }

        var name = Name(part.StateName);
        var code = new StringBuilder();
        Write(code, lines, steps, attributes, name);
        return (name, code.ToString());
    }

    /// <summary>The shape of a sample as the convolution says it that takes the input; null if none does.</summary>
    public Shape? SampleOfImages() => model.Graph.Nodes
        .Where(node => node.Inputs is [var input] && model.Graph.Nodes[input].Operation is GraphOperation.Input)
        .Select(node => node.Operation)
        .OfType<GraphOperation.Apply>()
        .Where(step => step.Layer is ConvolutionLayer)
        .Select(InputOf)
        .FirstOrDefault();

    /// <summary>Why a field stays a part that is written by hand, in words.</summary>
    public string WhyByHand(ConvertedPart part) =>
        !CallRewriter.OnlyCalls(source, part.Member) ? "code does more with it than call it"
        : Layers(part) is not { } steps ? "what it holds is no layer of TorchSharp, or not known at compile time"
        : steps.FirstOrDefault(step => LayerAttribute.Of([step], _takenRoles) is null) is { } layer
            ? $"no attribute says {layer.Layer.KindFor(Shape.Unknown)} with its settings"
        : "the size of what it gets is not known";

    /// <summary>The layers that the forward applies when it calls a field, in order; null if they are not known one by one.</summary>
    private IReadOnlyList<GraphOperation.Apply>? Layers(ConvertedPart part)
    {
        var nodes = model.Graph.Nodes.Select((node, i) => (Node: node, Place: i))
            .Where(pair => pair.Node.Operation is GraphOperation.Apply { Module: >= 0 } apply && part.Holds(apply.Path))
            .ToList();
        var held = model.Graph.Parts.Count(layer => part.Holds(layer.Path));
        if (held == 0 || nodes.Count < held || model.Graph.OpaqueParts.Any(part.Holds))
        {
            return null;
        }

        // A field that is called several times stands there as often.
        var row = nodes.Take(held).ToList();
        var steps = row.Select(pair => (GraphOperation.Apply)pair.Node.Operation).ToList();
        return (model.Graph.CountsParts || (steps.Count == 1 && Place(steps[0]) == part.Made))
            && steps.Select(step => step.Module).Distinct().Count() == held
            && row.All(pair => pair.Node.Owner.Length == 0)
            && row.Skip(1).Zip(row, (next, before) => next.Node.Inputs is [var input] && input == before.Place).All(follows => follows)
            ? steps
            : null;
    }

    private bool IsChain() =>
        model.Graph is { IsComplete: true, CountsParts: true, Nodes: { Count: > 1 } nodes, Outputs: [var output] }
        && nodes[0].Operation is GraphOperation.Input
        && output == nodes.Count - 1
        && nodes.Skip(1).Select((node, i) => node.Operation is GraphOperation.Apply && node.Owner.Length == 0 && node.Inputs is [var input] && input == i)
            .All(follows => follows);

    /// <summary>The steps in groups with one weighted layer each.</summary>
    private static IEnumerable<IReadOnlyList<GraphOperation.Apply>> Groups(IEnumerable<GraphOperation.Apply> steps)
    {
        var group = new List<GraphOperation.Apply>();
        foreach (var step in steps)
        {
            if (LayerAttribute.IsWeighted(step.Layer) && group.Any(other => LayerAttribute.IsWeighted(other.Layer)))
            {
                yield return group;
                group = [];
            }

            group.Add(step);
        }

        yield return group;
    }

    /// <summary>Whether a function of <c>torch.nn</c> made the layer, so that the names in the state_dict are those of the attribute's.</summary>
    private bool IsOfTorchSharp(GraphOperation.Apply step) => Place(step) is InvocationExpressionSyntax;

    /// <summary>Whether an attribute says what a function does, in both modes.</summary>
    private bool IsPlainFunction(GraphOperation.Apply step) => step.Layer switch
    {
        FlattenLayer or PoolLayer or ActivationLayer or GlobalAveragePoolLayer => Place(step) is InvocationExpressionSyntax,
        // Dropout that does not ask for the mode drops in eval mode too.
        DropoutLayer => Place(step) is InvocationExpressionSyntax call
            && call.ArgumentList.Arguments.Any(argument => semantics.GetSymbolInfo(argument.Expression).Symbol is IPropertySymbol { Name: "training" }),
        _ => false,
    };

    private SyntaxNode? Place(GraphOperation.Apply step) =>
        step.Layer.Origin is { Kind: OriginKind.Code, Member: >= 0 and var place } && place < model.Places.Count ? model.Places[place] : null;

    /// <summary>The shape that comes to a layer, as far as it follows from the model's input.</summary>
    private Shape Coming(GraphOperation.Apply step) => model.Graph.Nodes
        .Where(node => node.Operation is GraphOperation.Apply apply && apply.Module == step.Module && apply.Path == step.Path && node.Inputs.Count == 1)
        .Select(node => model.Graph.Nodes[node.Inputs[0]].Output)
        .FirstOrDefault() ?? Shape.Unknown;

    /// <summary>Whether a block that begins with a layer has to say what it gets. Behind a flatten the size is what the author says.</summary>
    private bool NeedsInput(GraphOperation.Apply step) => Coming(step) is var shape
        && (!shape.IsKnown || shape.Dims.Any(size => !size.IsKnown) || (step.Layer is LinearLayer && shape.Last != step.InSize));

    /// <summary>The shape of a sample that a layer takes, as far as the layer says it or it is known; null if it is not.</summary>
    private Shape? InputOf(GraphOperation.Apply step)
    {
        var free = s_freeAxes.Where(name => source.Parameters.All(parameter => parameter.Identifier.ValueText != name)).Select(Dim.Symbol).ToArray();
        var shape = step.Layer switch
        {
            _ when free.Length < s_freeAxes.Length => null,
            EmbeddingLayer => Shape.Of(Layout.Open, free[3]),
            _ when !step.InSize.IsKnown => null,
            LinearLayer or NormLayer { Function: NormKind.Layer } => Shape.Of(Layout.Open, step.InSize),
            ConvolutionLayer conv => Shape.Of(Layout.Open, [step.InSize, .. free.Take(conv.Rank)]),
            NormLayer { Axes: 1 } => Shape.Of(Layout.Open, step.InSize),
            NormLayer { Axes: { } axes } => Shape.Of(Layout.Open, [step.InSize, .. free.Take(axes)]),
            _ => null,
        };
        if (shape is null && Coming(step) is { IsKnown: true } known && known.Dims.All(size => size.IsKnown))
        {
            return known;
        }

        LeavesSizesOpen |= shape is { Rank: > 1 };
        return shape;
    }

    /// <summary>The attribute that says what goes in.</summary>
    public string InputText(Shape input, bool isIndices) =>
        $"Input({string.Join(", ", input.Dims.Select(SizeText))}{(isIndices ? ", DType = TorchSharp.torch.ScalarType.Int64" : "")})";

    private string SizeText(Dim size) => size.Symbols().All(name => source.Parameters.Any(parameter => parameter.Identifier.ValueText == name))
        ? AttributeText.Size(size)
        : $"\"{size}\"";

    private void Write(
        StringBuilder code,
        AttributeLines lines,
        IReadOnlyList<GraphOperation.Apply> steps,
        IReadOnlyList<(string Text, bool IsWeighted)> attributes,
        string name)
    {
        if (steps.Any(step => LayerAttribute.HasState(step.Layer)))
        {
            // The names of the layers are whole paths.
            lines.Add("Name(\"\")", begins: false);
            _takenRoles.UnionWith(steps.Where(step => step.Layer.IsRegistered).Select(step => step.Layer.Role));
        }

        foreach (var (text, isWeighted) in attributes)
        {
            lines.Add(text, isWeighted);
        }

        code.Append($"{lines}    private partial Tensor {name}(Tensor x);\n\n");
    }

    /// <summary>A name for the block of a path that nothing else has.</summary>
    private string Name(string path)
    {
        var words = path.Split('.', '_', '-').Where(word => word.Length > 0).Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1));
        var wanted = string.Concat(string.Concat(words).Where(c => char.IsLetterOrDigit(c)));
        wanted = wanted.Length == 0 || char.IsDigit(wanted[0]) ? "Block" + wanted : wanted;
        var name = Enumerable.Range(1, int.MaxValue)
            .Select(number => number == 1 ? wanted : wanted + "Block" + (number == 2 ? "" : number.ToString()))
            .First(name => !_names.Contains(name));
        _names.Add(name);
        return name;
    }
}
