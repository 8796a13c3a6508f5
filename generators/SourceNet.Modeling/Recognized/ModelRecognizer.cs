using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Passes;

namespace SourceNet.Modeling.Recognized;

/// <summary>
/// The front end for hand-written TorchSharp: reads module classes and the <c>Sequential</c>s of any method into <see cref="LayerGraph"/>s. Never throws on
/// any source text. What it cannot follow becomes an unknown node.
/// </summary>
/// <param name="bodies">The code.</param>
/// <param name="readsParts">Whether modules of the same source inside of others are read too. Rules in an editor do without: each class is looked at by
/// itself, and reading it again in every other costs too much.</param>
/// <param name="models">Gives the graph of a class that declares a model, for one who has read it already.</param>
public sealed class ModelRecognizer(CodeBodies bodies, bool readsParts, Func<INamedTypeSymbol, CancellationToken, RecognizedModel?>? models = null)
{
    private readonly Func<INamedTypeSymbol, CancellationToken, RecognizedModel?> _models = models
        ?? ((type, cancellation) => ModelReader.ReadGraph(type, bodies, cancellation));

    /// <summary>Whether a class is a declared model, or a module with a forward of its own here.</summary>
    public static bool IsModule(INamedTypeSymbol type) => ModelReader.IsModel(type) || (TorchTypes.IsModule(type) && Interpreter.ForwardOf(type) is not null);

    /// <summary>
    /// Whether a class has a member that can hold modules or weights, itself or from a base in the same source. The graph of another one has no layer.
    /// </summary>
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
        return !readsParts || models.All(model => model.Graph.IsComplete) ? models : Read(type, withParts: false, cancellation);
    }

    private IReadOnlyList<RecognizedModel> Read(INamedTypeSymbol type, bool withParts, CancellationToken cancellation)
    {
        var declared = new DeclaredModels(_models, cancellation);
        if (declared.Find(type) is { } model)
        {
            return [model];
        }

        var interpreter = new Interpreter(bodies, declared, withParts, cancellation);
        var instance = interpreter.Construct(type, Constructor(type), null);
        if (Interpreter.ForwardOf(type) is not { } forward || bodies.Of(forward, cancellation) is not { } body)
        {
            return [];
        }

        var run = interpreter.RunForward(instance, forward, body);
        var paths = new ModulePaths(interpreter, declared);
        paths.Walk(instance);
        return
        [
            new(GraphAssembly.OfModel(interpreter, type.Name, paths, run), interpreter.Graph.Places, null),
            .. Fragments(interpreter, paths, made => type.DeclaringSyntaxReferences.Any(part => part.SyntaxTree == made.SyntaxTree
                && part.Span.Contains(made.Span))),
        ];
    }

    /// <summary>The graphs of the <c>Sequential</c>s in a method, constructor or program.</summary>
    public IReadOnlyList<RecognizedModel> Read(IOperation body, IMethodSymbol? method, CancellationToken cancellation)
    {
        var declared = new DeclaredModels(_models, cancellation);
        var interpreter = new Interpreter(bodies, declared, readsParts, cancellation);
        interpreter.Run(body, method);
        interpreter.Applied.Clear();
        return Fragments(interpreter, new ModulePaths(interpreter, declared), _ => true);
    }

    /// <summary>Whether the module that an expression makes differs between train and eval mode.</summary>
    public ModeEffect ModeOf(IOperation creation, CancellationToken cancellation)
    {
        var declared = new DeclaredModels(_models, cancellation);
        var interpreter = new Interpreter(bodies, declared, readsParts, cancellation);
        var (module, run) = interpreter.RunMade(creation);
        var paths = new ModulePaths(interpreter, declared);
        paths.Walk(module);
        return GraphAssembly.OfModel(interpreter, "", paths, run).Mode;
    }

    /// <summary>The same of a class of TorchSharp's, or of the library's own layers, whatever it was made with.</summary>
    public static ModeEffect ModeOf(INamedTypeSymbol type) =>
        (TorchTypes.IsLayerClass(type)
            ? LayerKinds.OfClass(type.Name) ?? new MadeLayer(new OtherLayer(type.Name), Sizes.Dim.Unknown, null)
            : TorchTypes.IsOwnLayer(type) ? LayerKinds.OfOwnClass(type.Name) : null)?.Layer.Mode
        ?? ModeEffect.Unknown;

    /// <summary>The constructor that says the most.</summary>
    private static IMethodSymbol? Constructor(INamedTypeSymbol type) => type.InstanceConstructors
        .OrderByDescending(constructor => constructor.Parameters.Length)
        .FirstOrDefault();

    private static IReadOnlyList<RecognizedModel> Fragments(Interpreter interpreter, ModulePaths paths, Func<SyntaxNode, bool> isOwn)
    {
        var inner = new HashSet<int>(interpreter.Sequences
            .SelectMany(made => interpreter.ItemsOf(made.Sequence.Id).All)
            .Select(item => item.Value)
            .OfType<Value.Sequence>()
            .Select(sequence => sequence.Id));
        return interpreter.Sequences
            .Where(made => !inner.Contains(made.Sequence.Id) && !interpreter.Applied.Contains(made.Sequence.Id) && isOwn(made.Made.Syntax))
            .Select(made =>
            {
                var run = interpreter.RunSequence(made.Sequence, made.Made);
                paths.Walk(made.Sequence);
                return new RecognizedModel(GraphAssembly.OfFragment(interpreter, "Sequential", paths, run), interpreter.Graph.Places, made.Made.Syntax);
            })
            .ToList();
    }

    /// <summary>The declared models that hand-written code uses: their graphs stand in their places.</summary>
    private sealed class DeclaredModels(Func<INamedTypeSymbol, CancellationToken, RecognizedModel?> models, CancellationToken cancellation) : IDeclaredModels
    {
        private readonly Dictionary<ISymbol, RecognizedModel?> _known = new(SymbolEqualityComparer.Default);

        public RecognizedModel? Find(INamedTypeSymbol type)
        {
            if (!_known.TryGetValue(type, out var model))
            {
                _known[type] = model = ModelReader.IsModel(type) ? models(type, cancellation) : null;
            }

            return model;
        }

        public string? BlockOf(IMethodSymbol method) => null;

        public bool IsDeclared(INamedTypeSymbol type) => ModelReader.IsModel(type);

        public Layer? LayerOf(INamedTypeSymbol type, EquatableArray<NamedSize> sizes) => null;

        public LayerGraph? GraphOf(INamedTypeSymbol type) => Find(type)?.Graph;
    }
}
