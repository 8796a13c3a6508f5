using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using SourceNet.Analyzers.Torch;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Recognized;

namespace SourceNet.Analyzers.Facts;

/// <summary>
/// What rules know of a compilation that uses TorchSharp. Each fact is made once and shared by all of them. Safe to use from several threads.
/// </summary>
internal sealed class CompilationFacts
{
    private static readonly ConditionalWeakTable<Compilation, StrongBox<CompilationFacts?>> s_known = new();

    private readonly Once<INamedTypeSymbol, IReadOnlyList<RecognizedModel>> _graphs = new(SymbolEqualityComparer.Default);
    private readonly Once<INamedTypeSymbol, IReadOnlyList<RecognizedModel>> _wholeGraphs = new(SymbolEqualityComparer.Default);
    private readonly ModelRecognizer _recognizer;
    private readonly ModelRecognizer _wholeRecognizer;

    private CompilationFacts(Compilation compilation, TorchSymbols torch)
    {
        Torch = torch;
        Declared = DeclaredModels.Of(compilation);
        Operations = CodeOperations.Of(compilation);
        var bodies = new CodeBodies(Operations.BodyOf);
        _recognizer = new(bodies, readsParts: false, Declared.Find);
        _wholeRecognizer = new(bodies, readsParts: true, Declared.Find);
    }

    /// <summary>The types and functions of TorchSharp.</summary>
    public TorchSymbols Torch { get; }

    /// <summary>The declared models.</summary>
    public DeclaredModels Declared { get; }

    /// <summary>The code of all members, wherever it lies.</summary>
    public CodeOperations Operations { get; }

    /// <summary>The facts of a compilation, which live as long as it does; null where it does not reference TorchSharp.</summary>
    public static CompilationFacts? Of(Compilation compilation) => s_known.GetValue(
        compilation,
        static compilation => new(TorchSymbols.Find(compilation) is { } torch ? new(compilation, torch) : null)).Value;

    /// <summary>
    /// The layer graph of a module class, and of each <c>Sequential</c> in it that its forward does not reach. Modules of the same source in it are not
    /// looked into.
    /// </summary>
    public IReadOnlyList<RecognizedModel> Graphs(INamedTypeSymbol type, CancellationToken cancellation) =>
        _graphs.Get(type, key => _recognizer.Read(key, cancellation));

    /// <summary>The same with the layers of all modules in it.</summary>
    public IReadOnlyList<RecognizedModel> WholeGraphs(INamedTypeSymbol type, CancellationToken cancellation) =>
        _wholeGraphs.Get(type, key => _wholeRecognizer.Read(key, cancellation));

    /// <summary>Whether the module that an expression makes differs between train and eval mode.</summary>
    public ModeEffect ModeOf(IOperation creation, CancellationToken cancellation) => _wholeRecognizer.ModeOf(creation, cancellation);

    /// <summary>The layer graphs of the <c>Sequential</c>s in a method, constructor or program.</summary>
    public IReadOnlyList<RecognizedModel> Graphs(IOperation body, IMethodSymbol? method, CancellationToken cancellation) =>
        _recognizer.Read(body, method, cancellation);
}
