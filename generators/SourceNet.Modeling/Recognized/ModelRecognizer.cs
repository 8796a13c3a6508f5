using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Passes;

namespace SourceNet.Modeling.Recognized;

/// <summary>
/// The front end for hand-written TorchSharp: reads module classes and the <c>Sequential</c>s of any method into <see cref="LayerGraph"/>s. Never throws on any source
/// text. What it cannot follow becomes an unknown node.
/// </summary>
/// <param name="bodies">The code.</param>
/// <param name="readsParts">Whether modules of the same source inside of others are read too. Rules in an editor do without: each class is looked at by itself, and reading it again in every other costs too much.</param>
/// <param name="models">Gives what a class declares, for one who has read the models already; null for a class that declares none.</param>
public sealed class ModelRecognizer(CodeBodies bodies, bool readsParts, Func<INamedTypeSymbol, CancellationToken, ExpandedModel?>? models = null)
{
    /// <summary>Whether a class is a declared model, or a module with a forward of its own here.</summary>
    public static bool IsModule(INamedTypeSymbol type) => ModelReader.IsModel(type) || (TorchTypes.IsModule(type) && Interpreter.ForwardOf(type) is not null);

    /// <summary>Whether a class has a member that can hold modules or weights, itself or from a base in the same source. The graph of another one has no layer.</summary>
    public static bool HoldsLayers(INamedTypeSymbol type)
    {
        for (var declaring = type; declaring is { DeclaringSyntaxReferences.IsEmpty: false }; declaring = declaring.BaseType)
        {
            if (declaring.GetMembers().Any(member => TorchTypes.Carries((member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The graph of a module class, and of each <c>Sequential</c> in it that its forward does not reach.</summary>
    /// <remarks>A class that is too large to be read with all the modules in it is read by itself: the modules in it are unknown then.</remarks>
    public IReadOnlyList<RecognizedModel> Read(INamedTypeSymbol type, CancellationToken cancellation)
    {
        var models = Read(type, readsParts, cancellation);
        return !readsParts || models.All(model => model.IsComplete) ? models : Read(type, withParts: false, cancellation);
    }

    private IReadOnlyList<RecognizedModel> Read(INamedTypeSymbol type, bool withParts, CancellationToken cancellation)
    {
        var blocks = new DeclaredBlocks(models, cancellation);
        var interpreter = new Interpreter(bodies, blocks, withParts, cancellation);
        var instance = interpreter.Construct(type, Constructor(type), null);
        if (blocks.ModelOf(type) is { } model)
        {
            return [Finish(interpreter, type.Name, instance, null, interpreter.RunBlocks(model, type))];
        }

        if (Interpreter.ForwardOf(type) is not { } forward || bodies.Of(forward, cancellation) is not { } body)
        {
            return [];
        }

        var result = interpreter.RunForward(instance, forward, body);
        return
        [
            Finish(interpreter, type.Name, instance, null, result),
            .. Fragments(interpreter, instance, made => type.DeclaringSyntaxReferences.Any(part => part.SyntaxTree == made.SyntaxTree && part.Span.Contains(made.Span))),
        ];
    }

    /// <summary>The graphs of the <c>Sequential</c>s in a method, constructor or program.</summary>
    public IReadOnlyList<RecognizedModel> Read(IOperation body, IMethodSymbol? method, CancellationToken cancellation)
    {
        var interpreter = new Interpreter(bodies, new DeclaredBlocks(models, cancellation), readsParts, cancellation);
        interpreter.Run(body, method);
        interpreter.Applied.Clear();
        return Fragments(interpreter, null, _ => true);
    }

    /// <summary>The constructor that says the most.</summary>
    private static IMethodSymbol? Constructor(INamedTypeSymbol type) => type.InstanceConstructors
        .OrderByDescending(constructor => constructor.Parameters.Length)
        .FirstOrDefault();

    private static IReadOnlyList<RecognizedModel> Fragments(Interpreter interpreter, Value.Instance? instance, Func<SyntaxNode, bool> isOwn)
    {
        var inner = new HashSet<int>(interpreter.Sequences.SelectMany(made => interpreter.ItemsOf(made.Sequence.Id).All).Select(item => item.Value).OfType<Value.Sequence>().Select(sequence => sequence.Id));
        return interpreter.Sequences
            .Where(made => !inner.Contains(made.Sequence.Id) && !interpreter.Applied.Contains(made.Sequence.Id) && isOwn(made.Made.Syntax))
            .Select(made => Finish(interpreter, "Sequential", instance, made, interpreter.RunSequence(made.Sequence, made.Made)))
            .ToList();
    }

    private static RecognizedModel Finish(Interpreter interpreter, string name, Value.Instance? instance, (Value.Sequence Sequence, IOperation Made)? fragment, (int First, IReadOnlyList<int> Outputs) run)
    {
        var paths = new ModulePaths(interpreter);
        if (instance is not null)
        {
            paths.Walk(instance, "");
        }

        if (fragment is not null)
        {
            paths.Walk(fragment.Value.Sequence, "");
        }

        // Constants of the constructor stand before the forward; they keep their places in front.
        var kept = Reached(interpreter.Graph.Nodes, run);
        var numbers = kept.Select((node, i) => (node, i)).ToDictionary(pair => pair.node, pair => pair.i);
        var nodes = kept.Select(node => interpreter.Graph.Nodes[node]).Select(node => node with
        {
            Inputs = node.Inputs.Select(input => numbers[input]).ToEquatableArray(),
            Owner = paths.OfOwner(node.Owner),
            Operation = node.Operation is GraphOperation.Apply { Module: >= 0 } apply ? apply with { Path = paths.Of(apply.Module) } : node.Operation,
        });
        var graph = new LayerGraph(name, nodes.ToEquatableArray(), run.Outputs.Where(numbers.ContainsKey).Select(node => numbers[node]).ToEquatableArray());
        return new RecognizedModel(graph, interpreter.Graph.Places, interpreter.IsWithinBounds, fragment?.Made.Syntax);
    }

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

    /// <summary>The declared models that hand-written code uses.</summary>
    private sealed class DeclaredBlocks(Func<INamedTypeSymbol, CancellationToken, ExpandedModel?>? models, CancellationToken cancellation) : IBlockReader
    {
        private readonly Dictionary<ISymbol, ExpandedModel?> _models = new(SymbolEqualityComparer.Default);

        public Block? BlockOf(IMethodSymbol method)
        {
            method = method.PartialDefinitionPart ?? method;
            return method.MethodKind == MethodKind.Ordinary && method.IsPartialDefinition && Expanded(method.ContainingType) is { } model
                ? model.Blocks.FirstOrDefault(block => block.Declaration.MethodName == method.Name)
                : null;
        }

        public ExpandedModel? ModelOf(INamedTypeSymbol type) => Expanded(type) is { Declaration.HasForward: false } model ? model : null;

        private ExpandedModel? Expanded(INamedTypeSymbol type)
        {
            if (!_models.TryGetValue(type, out var model))
            {
                _models[type] = model = models is not null ? models(type, cancellation)
                    : ModelReader.IsModel(type) ? ModelExpander.Expand(ModelReader.Read(type))
                    : null;
            }

            return model;
        }
    }
}
