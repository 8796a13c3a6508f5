using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Passes;

namespace SourceNet.Modeling.Recognized;

/// <summary>Makes a graph of what reading code left behind: the nodes of one run, with the paths of the modules that they apply.</summary>
internal static class GraphAssembly
{
    /// <summary>The graph of a model, with all modules that it holds.</summary>
    public static LayerGraph OfModel(Interpreter interpreter, string name, ModulePaths paths, (int First, IReadOnlyList<int> Outputs) run)
    {
        var graph = Nodes(interpreter, name, paths, run);
        return HandWritten.Planned(graph with
        {
            Parts = paths.Layers.ToEquatableArray(),
            OpaqueParts = paths.Opaque.Distinct().ToEquatableArray(),
            CountsParts = paths.IsCounted,
            InsideMode = paths.InsideMode
        });
    }

    /// <summary>The graph of a part by itself: what is not applied is not its own.</summary>
    public static LayerGraph OfFragment(Interpreter interpreter, string name, ModulePaths paths, (int First, IReadOnlyList<int> Outputs) run)
    {
        var graph = Nodes(interpreter, name, paths, run);
        var applied = new HashSet<string>(graph.Nodes.Select(node => node.Operation).OfType<GraphOperation.Apply>().Select(apply => apply.Path));
        return HandWritten.Planned(graph with { Parts = paths.Layers.Where(layer => applied.Contains(layer.Path)).ToEquatableArray() });
    }

    /// <summary>The steps of a forward between blocks, and the parts of a declared model.</summary>
    public static LayerGraph OfDeclared(Interpreter interpreter, string name, ModulePaths paths, (int First, IReadOnlyList<int> Outputs) run)
    {
        var graph = Nodes(interpreter, name, paths, run);
        return graph with
        {
            Parts = paths.Layers.ToEquatableArray(),
            OpaqueParts = paths.Opaque.Distinct().ToEquatableArray(),
            CountsParts = paths.IsCounted,
            InsideMode = paths.InsideMode
        };
    }

    private static LayerGraph Nodes(Interpreter interpreter, string name, ModulePaths paths, (int First, IReadOnlyList<int> Outputs) run)
    {
        // Constants of the constructor stand before the forward; they keep their places in front.
        var kept = Reached(interpreter.Graph.Nodes, run);
        var numbers = kept.Select((node, i) => (node, i)).ToDictionary(pair => pair.node, pair => pair.i);
        var nodes = kept.Select(node => interpreter.Graph.Nodes[node]).Select(node =>
        {
            var owner = paths.OfOwner(node.Owner);
            return node with
            {
                Inputs = node.Inputs.Select(input => numbers[input]).ToEquatableArray(),
                Owner = owner,
                Operation = Named(node.Operation, owner, paths),
            };
        });
        return new LayerGraph(name, nodes.ToEquatableArray(), run.Outputs.Where(numbers.ContainsKey).Select(node => numbers[node]).ToEquatableArray())
        {
            AsksForMode = interpreter.AsksForMode,
            IsComplete = interpreter.IsWithinBounds,
        };
    }

    private static GraphOperation Named(GraphOperation operation, string owner, ModulePaths paths) => operation switch
    {
        GraphOperation.Apply { Module: >= 0 } apply => apply with { Path = paths.Of(apply.Module) },
        // A layer of a declared model has the path that it has there.
        GraphOperation.Apply { Path.Length: > 0 } apply => apply with { Path = LayerNaming.Join(owner, apply.Path) },
        _ => operation,
    };

    /// <summary>The nodes of one run and those before it that go into them.</summary>
    private static List<int> Reached(IReadOnlyList<GraphNode> nodes, (int First, IReadOnlyList<int> Outputs) run)
    {
        var reached = new SortedSet<int>();
        for (var i = nodes.Count - 1; i >= 0; i--)
        {
            if (i >= run.First || reached.Contains(i))
            {
                reached.Add(i);
                reached.UnionWith(nodes[i].Inputs);
            }
        }

        return reached.ToList();
    }
}
