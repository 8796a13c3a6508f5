using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>What the hand-written forward of a declared model gives to its blocks.</summary>
internal sealed class BlockCalls
{
    private readonly Dictionary<string, List<Shape>> _inputs = new(StringComparer.Ordinal);

    private BlockCalls()
    {
    }

    /// <summary>The shape after each node of the forward.</summary>
    public IReadOnlyList<Shape> Shapes { get; private set; } = [];

    public static BlockCalls Follow(ModelDeclaration model, Shape input)
    {
        var calls = new BlockCalls();
        calls.Shapes = GraphShapes.Infer(model.Written?.Nodes ?? default, calls.After(model), name => InputOf(model, name, input));
        if (model.Written is not { IsComplete: true })
        {
            // Calls that were not read may give other shapes.
            calls._inputs.Clear();
            calls.Shapes = calls.Shapes.Select(_ => Shape.Unknown).ToList();
        }

        return calls;
    }

    /// <summary>What is stated of a parameter of the forward; of the only one, what the class says.</summary>
    private static Shape InputOf(ModelDeclaration model, string name, Shape ofClass) => model.Signature is not { } signature ? ofClass
        : signature.Parameters.FirstOrDefault(parameter => parameter.Name.TrimStart('@') == name)?.Input is { } stated
            ? stated.Shape with { IsIndices = stated.ElementType == "Int64" }
        : signature.Parameters.Count == 1 ? ofClass
        : Shape.Unknown;

    /// <summary>What the calls of a block agree in.</summary>
    public Shape InputOf(string block) => _inputs.TryGetValue(block, out var shapes) ? GraphShapes.Common(shapes) : Shape.Unknown;

    /// <summary>
    /// The step whose result has a shape that nobody knows, though those of its inputs are known, before a block is called; null if there is none.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="block">The block, whose input is not known.</param>
    public Origin? LostBefore(ModelDeclaration model, string block)
    {
        if (model.Written is not { IsComplete: true, Nodes: var nodes })
        {
            return null;
        }

        var pending = new Stack<int>(Enumerable.Range(0, nodes.Count)
            .Where(i => nodes[i].Operation is GraphOperation.Call call && call.Block == block)
            .SelectMany(i => nodes[i].Inputs));
        var seen = new HashSet<int>();
        while (pending.Count > 0)
        {
            var node = pending.Pop();
            if (Shapes[node].IsKnown || !seen.Add(node))
            {
                continue;
            }

            var lost = nodes[node].Inputs.Where(input => !Shapes[input].IsKnown).ToList();
            if (lost.Count == 0 && nodes[node].Operation is not (GraphOperation.Input or GraphOperation.Call))
            {
                return nodes[node].Used;
            }

            lost.ForEach(pending.Push);
        }

        return null;
    }

    private Func<string, Shape, Shape> After(ModelDeclaration model) => (name, input) =>
    {
        if (model.Blocks.FirstOrDefault(candidate => candidate.MethodName == name) is not { } block)
        {
            return Shape.Unknown;
        }

        if (!_inputs.TryGetValue(name, out var known))
        {
            _inputs.Add(name, known = []);
        }

        if (input.IsKnown)
        {
            known.Add(input);
        }

        return GraphBuilder.OutputOf(block, input, model);
    };
}
