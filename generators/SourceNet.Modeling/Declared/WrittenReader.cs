using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Recognized;

namespace SourceNet.Modeling.Declared;

/// <summary>
/// Reads what the author of a declared model wrote by hand, by the reader of hand-written models: its own forward, and the modules in its parts.
/// </summary>
internal static class WrittenReader
{
    /// <param name="declared">The class.</param>
    /// <param name="hasForward">Whether it has a forward of its own.</param>
    /// <param name="parts">Its parts.</param>
    /// <param name="stacked">The models in it.</param>
    /// <returns>Null if there is neither.</returns>
    public static RecognizedModel? Read(INamedTypeSymbol declared, bool hasForward, EquatableArray<HandWrittenPart> parts, StackedModels stacked)
    {
        if (!hasForward && !parts.Any(part => part.HoldsModules))
        {
            return null;
        }

        var (type, bodies) = GeneratedBases.Complete(declared, stacked.Bodies, stacked.Cancellation);
        var models = new OwnBlocks(ModelReader.Blocks(type), stacked);
        var interpreter = new Interpreter(bodies, models, readsParts: true, stacked.Cancellation);
        var constructor = Scope.PrimaryConstructor(type)
            ?? type.InstanceConstructors.OrderByDescending(candidate => candidate.Parameters.Length).FirstOrDefault();
        var instance = interpreter.Construct(type, constructor, null);
        var forward = hasForward ? ForwardReader.Own(type) : null;
        var run = forward is not null && bodies.Of(forward, stacked.Cancellation) is { } body
            ? interpreter.RunForward(instance, forward, body)
            : (interpreter.Graph.Nodes.Count, []);
        var paths = new ModulePaths(interpreter, models);
        paths.Walk(instance, parts);
        return new RecognizedModel(GraphAssembly.OfDeclared(interpreter, type.Name, paths, run), interpreter.Graph.Places, null);
    }

    /// <summary>The blocks of the model that is read. Another declared model in it is one layer.</summary>
    private sealed class OwnBlocks(IReadOnlyList<IMethodSymbol> blocks, StackedModels stacked) : IDeclaredModels
    {
        public string? BlockOf(IMethodSymbol method)
        {
            var definition = method.PartialDefinitionPart ?? method;
            return blocks.Any(block => SymbolEqualityComparer.Default.Equals(block, definition)) ? definition.Name : null;
        }

        public bool IsDeclared(INamedTypeSymbol type) => Symbols.IsDeclaredModel(type);

        public Layer? LayerOf(INamedTypeSymbol type, EquatableArray<NamedSize> sizes) => new StackLayer(
            type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), type.Name, default, sizes, 1, UsesPosition: false,
            stacked.Read(type.OriginalDefinition))
        { IsNumbered = false };

        public LayerGraph? GraphOf(INamedTypeSymbol type) => null;
    }
}
