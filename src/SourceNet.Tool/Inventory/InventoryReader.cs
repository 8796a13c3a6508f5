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
            var place = Place(type, root);
            if (ModelReader.IsModel(type))
            {
                yield return Declared(type, ModelExpander.Expand(ModelReader.Read(type)), place) with { Graph = new(() => recognizer.Read(type, cancellation).Select(read => GraphShapes.Infer(read.Graph)).FirstOrDefault()) };
            }
            else if (AugmentationReader.IsAugmentation(type))
            {
                yield return Augmentation(type, AugmentationReader.Read(type), place);
            }
            else if (ModelRecognizer.IsModule(type) && !type.IsAbstract)
            {
                foreach (var model in recognizer.Read(type, cancellation).Take(1))
                {
                    yield return HandWritten(type, model, place);
                }
            }
        }
    }

    private static ModelEntry Declared(INamedTypeSymbol type, ExpandedModel model, (string Path, int Line) place)
    {
        var layers = model.Blocks.SelectMany(block => block.Layers.Select((placed, i) => (placed, fused: block.Fusion.TextAt(i), notFused: block.Fusion.ReasonAt(i)))).ToList();
        return new(
            type.ToDisplayString(),
            "declared",
            place.Path,
            place.Line,
            model.Problems.All(problem => !problem.IsError) && model.Declaration.Parts.Count == 0,
            Text(model.Declaration.Input?.Shape),
            Text(model.Output),
            model.Declaration.Parts.Count == 0 ? Text(layers.Aggregate((Dim)0, (sum, layer) => sum + layer.placed.ParameterCount)) : null,
            [.. layers.Select(layer => new LayerEntry(layer.placed.Path, layer.placed.Kind, layer.placed.Details, Text(layer.placed.Output), Text(layer.placed.ParameterCount), layer.fused, layer.notFused))],
            [.. model.Plan.Select(entry => RegularizerEntry.Of(entry, entry.IsOfModelInside ? null : DefaultArguments.ValueOf(entry.Strength.Value, type)))],
            [.. model.Groups.Select(group => new GroupEntry(group.Name, Text(Count(model, group))))]);
    }

    private static Dim Count(ExpandedModel model, ParameterGroup group) => group.Parameters.Aggregate((Dim)0, (sum, reference) =>
        sum + SizeOf(model.Blocks.First(block => block.Declaration.MethodName == reference.Block), reference));

    private static Dim SizeOf(Block block, ParameterReference reference) =>
        block.ParametersOf(block.Layers.First(placed => placed.Name == reference.Layer)).First(parameter => parameter.Name == reference.Member).Size;

    private static ModelEntry HandWritten(INamedTypeSymbol type, RecognizedModel model, (string Path, int Line) place)
    {
        var graph = GraphShapes.Infer(model.Graph);
        var applied = graph.Nodes.Where(node => node.Operation is GraphOperation.Apply).Select(node => (
            apply: (GraphOperation.Apply)node.Operation,
            placed: GraphText.Placed((GraphOperation.Apply)node.Operation, node.Inputs.Count == 0 ? Shape.Unknown : graph.Nodes[node.Inputs[0]].Output, node.Output))).ToList();
        var isComplete = model.IsComplete && graph.Nodes.All(node => node.Operation is not GraphOperation.Unknown);
        return new(
            type.ToDisplayString(),
            "hand-written",
            place.Path,
            place.Line,
            isComplete,
            null,
            null,
            isComplete && IsCounted(graph) ? Text(applied.DistinctBy(layer => layer.apply.Module < 0 ? new object() : layer.apply.Module).Aggregate((Dim)0, (sum, layer) => sum + layer.placed.ParameterCount)) : null,
            [.. applied.Select(layer => new LayerEntry(layer.apply.Path, layer.placed.Kind, layer.placed.Details, Text(layer.placed.Output), Text(layer.placed.ParameterCount), "", null))],
            [.. graph.Nodes.SelectMany(Regularizers).Distinct()],
            [])
        {
            Graph = new(graph),
        };
    }

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
        [.. augmentation.Transforms.Where(transform => AugmentationReader.Regularizing.Contains(transform.Kind)).Select(transform => new RegularizerEntry("images", transform.Kind, string.Join(", ", transform.Arguments), "explicit"))],
        []);

    /// <summary>Whether each layer stands for one: a loop over modules is one turn of it in the graph, and weights that are no layer's are not counted.</summary>
    private static bool IsCounted(LayerGraph graph) => graph.Nodes.All(node => node.Operation is not (GraphOperation.Either or GraphOperation.Constant));

    private static IEnumerable<RegularizerEntry> Regularizers(GraphNode node) => node.Operation switch
    {
        GraphOperation.Apply apply => apply.Layer.Regularizers.Select(found => RegularizerEntry.Of(new PlannedRegularizer(apply.Path, found.Kind, found.Strength, Provenance.Code))),
        GraphOperation.Attend { Dropout.IsZero: false } attend => [RegularizerEntry.Of(new PlannedRegularizer("", RegularizationKind.Dropout, new(attend.Dropout), Provenance.Code))],
        _ => [],
    };

    private static string? Text(Shape? shape) => shape is { IsKnown: true } ? shape.ToString() : null;

    private static string? Text(Dim count) => count.IsKnown ? count.ToString() : null;

    private static (string Path, int Line) Place(INamedTypeSymbol type, string root)
    {
        var place = type.Locations[0].GetMappedLineSpan();
        return (System.IO.Path.GetRelativePath(root, place.Path).Replace('\\', '/'), place.StartLinePosition.Line + 1);
    }

    /// <summary>The classes that people wrote, in the order of files.</summary>
    private static IEnumerable<INamedTypeSymbol> Types(Compilation compilation, CancellationToken cancellation) => compilation.SyntaxTrees
        .Where(tree => !tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal))
        .OrderBy(tree => tree.FilePath, StringComparer.Ordinal)
        .SelectMany(tree => tree.GetRoot(cancellation).DescendantNodes().OfType<ClassDeclarationSyntax>().Select(node => compilation.GetSemanticModel(tree).GetDeclaredSymbol(node, cancellation)))
        .OfType<INamedTypeSymbol>()
        .Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default);
}
