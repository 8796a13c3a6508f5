using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Recognized;
using SourceNet.Modeling.Sizes;
using SourceNet.Tool.Loading;

namespace SourceNet.Tool.Inventory;

/// <summary>Lists the models and augmentations of projects, read with the same front ends as the generator and the rules use.</summary>
internal static class InventoryReader
{
    public static IReadOnlyList<ModelEntry> Read(IReadOnlyList<LoadedProject> projects, string root, CancellationToken cancellation) =>
    [
        .. projects.SelectMany(project => Read(project, root, cancellation))
            .DistinctBy(model => (model.Name, model.Path, model.Line))
            .OrderBy(model => model.Name, StringComparer.Ordinal)
            .ThenBy(model => model.Path, StringComparer.Ordinal),
    ];

    private static IEnumerable<ModelEntry> Read(LoadedProject project, string root, CancellationToken cancellation)
    {
        var recognizer = new ModelRecognizer(CodeBodies.Of(project.Compilation), readsParts: true);
        foreach (var type in Types(project.Compilation, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            if (AugmentationReader.IsAugmentation(type))
            {
                yield return Augmentation(type, AugmentationReader.Read(type), Place(type.Locations[0], root));
            }
            else if (ModelReader.IsModel(type) || (ModelRecognizer.IsModule(type) && !type.IsAbstract))
            {
                foreach (var model in recognizer.Read(type, cancellation).Where(model => model.Sequence is null))
                {
                    yield return Model(type.ToDisplayString(), type, model.Graph, Place(type.Locations[0], root));
                }
            }
        }

        foreach (var (name, model) in ProgramModels.Read(project.Compilation, recognizer, cancellation))
        {
            yield return Model(name, null, model.Graph, Place(model.Sequence!.GetLocation(), root));
        }
    }

    private static ModelEntry Model(string name, INamedTypeSymbol? type, LayerGraph read, (string Path, int Line) place)
    {
        var graph = HandWritten.WithShapes(read);
        return new(
            name,
            graph.Declaration is null ? "hand-written" : "declared",
            place.Path,
            place.Line,
            IsKnown(graph),
            Text(graph.Declaration?.Input?.Shape),
            graph.Declaration is null ? null : Text(graph.Output),
            Text(graph.ParameterCount),
            [.. Layers(graph)],
            [.. graph.Plan.Select(entry => RegularizerEntry.Of(
                entry,
                type is null || entry.IsOfModelInside ? null : DefaultArguments.ValueOf(entry.Strength.Value, type)))],
            [.. graph.Groups.Select(group => new GroupEntry(group.Name, Text(Count(graph, group))))])
        {
            Graph = graph,
        };
    }

    /// <summary>Whether every layer is known, and nothing is wrong with the declaration.</summary>
    private static bool IsKnown(LayerGraph graph) =>
        graph is { IsComplete: true, OpaqueParts.Count: 0 }
        && graph.Problems.All(problem => !problem.IsError)
        && graph.Nodes.All(node => node.Operation is not GraphOperation.Unknown)
        && graph.Layers.All(placed => placed.Layer is not (UnreadableLayer or OtherLayer { IsUnderstood: false }));

    /// <summary>The layers of the blocks, then what hand-written code applies, in the order of its forward, and what it only holds.</summary>
    private static IEnumerable<LayerEntry> Layers(LayerGraph graph)
    {
        foreach (var block in graph.Blocks)
        {
            for (var i = 0; i < block.Layers.Count; i++)
            {
                yield return Entry(block.Layers[i], block.Fusion.TextAt(i), block.Fusion.ReasonAt(i));
            }
        }

        var applied = new HashSet<string>();
        foreach (var node in graph.Nodes.Where(node => node.Block < 0))
        {
            if (node.Operation is GraphOperation.Apply apply)
            {
                applied.Add(apply.Path);
                yield return Entry(apply.PlacedAt(node.Inputs.Count == 0 ? Shape.Unknown : graph.Nodes[node.Inputs[0]].Output, node.Output), "", null);
            }
        }

        foreach (var part in graph.Parts.Where(part => !applied.Contains(part.Path)))
        {
            yield return Entry(part, "", null);
        }
    }

    private static LayerEntry Entry(PlacedLayer placed, string fused, string? notFused) =>
        new(placed.Path, placed.Kind, placed.Details, Text(placed.Output), Text(placed.ParameterCount), fused, notFused);

    private static Dim Count(LayerGraph model, ParameterGroup group) => group.Parameters.Aggregate((Dim)0, (sum, reference) =>
        sum + SizeOf(model.Blocks.First(block => block.Declaration.MethodName == reference.Block), reference));

    private static Dim SizeOf(Block block, ParameterReference reference) =>
        block.ParametersOf(block.Layers.First(placed => placed.Name == reference.Layer)).First(parameter => parameter.Name == reference.Member).Size;

    private static ModelEntry Augmentation(INamedTypeSymbol type, AugmentationDeclaration augmentation, (string Path, int Line) place) => new(
        type.ToDisplayString(),
        "augmentation",
        place.Path,
        place.Line,
        augmentation.Problems.Count == 0,
        null,
        null,
        null,
        [.. augmentation.Transforms.Select(transform => new LayerEntry("", transform.Kind, string.Join(", ", transform.Arguments), null, null, "", null))],
        // All but the first step of every network.
        [.. augmentation.Transforms
            .Where(transform => AugmentationReader.Regularizing.Contains(transform.Kind))
            .Select(transform => new RegularizerEntry("images", transform.Kind, string.Join(", ", transform.Arguments), "explicit"))],
        []);

    private static string? Text(Shape? shape) => shape is { IsKnown: true } ? shape.ToString() : null;

    private static string? Text(Dim count) => count.IsKnown ? count.ToString() : null;

    private static (string Path, int Line) Place(Location location, string root)
    {
        var place = location.GetMappedLineSpan();
        return (System.IO.Path.GetRelativePath(root, place.Path).Replace('\\', '/'), place.StartLinePosition.Line + 1);
    }

    /// <summary>The classes that people wrote, in the order of files.</summary>
    private static IEnumerable<INamedTypeSymbol> Types(Compilation compilation, CancellationToken cancellation) => compilation.SyntaxTrees
        .Where(tree => !tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal))
        .OrderBy(tree => tree.FilePath, StringComparer.Ordinal)
        .SelectMany(tree => tree
            .GetRoot(cancellation)
            .DescendantNodes()
            .OfType<ClassDeclarationSyntax>()
            .Select(node => compilation.GetSemanticModel(tree).GetDeclaredSymbol(node, cancellation)))
        .OfType<INamedTypeSymbol>()
        .Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default);
}
