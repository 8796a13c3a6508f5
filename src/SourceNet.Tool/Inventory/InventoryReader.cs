using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Recognized;
using SourceNet.Modeling.Sizes;
using SourceNet.Tool.Loading;

namespace SourceNet.Tool.Inventory;

/// <summary>Lists the models of projects, read with the same front ends as the generator and the rules use.</summary>
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
        var recognizer = new ModelRecognizer(new CodeBodies(project.Compilation), readsParts: true);
        foreach (var type in Types(project.Compilation, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            var place = Place(type, root);
            if (ModelReader.IsModel(type))
            {
                yield return Declared(type, ModelExpander.Expand(ModelReader.Read(type)), place);
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
        var layers = model.Blocks.SelectMany(block => block.Layers.Select((placed, i) => (placed, fused: block.Fusion.TextAt(i)))).ToList();
        return new(
            type.ToDisplayString(),
            "declared",
            place.Path,
            place.Line,
            model.Problems.All(problem => !problem.IsError) && model.Declaration.Parts.Count == 0,
            Text(model.Declaration.Input?.Shape),
            Text(model.Output),
            model.Declaration.Parts.Count == 0 ? Text(layers.Aggregate((Dim)0, (sum, layer) => sum + ParameterCount.Of(layer.placed))) : null,
            [.. layers.Select(layer => new LayerEntry(layer.placed.Path, LayerDescription.Kind(layer.placed.Layer, layer.placed.Input), LayerDescription.Details(layer.placed), Text(layer.placed.Output), Text(ParameterCount.Of(layer.placed)), layer.fused))],
            [.. model.Plan.Select(entry => new RegularizerEntry(entry.Where, entry.Kind, entry.Strength, entry.Provenance.ToString().ToLowerInvariant()))],
            [.. model.Groups.Select(group => new GroupEntry(group.Name, Text(Count(model, group))))]);
    }

    private static Dim Count(ExpandedModel model, ParameterGroup group) => group.Parameters.Aggregate((Dim)0, (sum, reference) =>
        sum + ParameterCount.Of(model.Blocks.First(block => block.Declaration.MethodName == reference.Block).Layers.First(placed => placed.Name == reference.Layer), reference.Member));

    private static ModelEntry HandWritten(INamedTypeSymbol type, RecognizedModel model, (string Path, int Line) place)
    {
        var applied = model.Graph.Nodes.Where(node => node.Operation is GraphOperation.Apply).Select(node => (node, apply: (GraphOperation.Apply)node.Operation)).ToList();
        return new(
            type.ToDisplayString(),
            "hand-written",
            place.Path,
            place.Line,
            model.IsComplete && model.Graph.Nodes.All(node => node.Operation is not GraphOperation.Unknown),
            null,
            null,
            null,
            [.. applied.Select(pair => new LayerEntry(pair.apply.Path, LayerDescription.Kind(pair.apply.Layer, Shape.Unknown), "", Text(pair.node.Output), null, ""))],
            [.. applied.SelectMany(pair => Regularizers(pair.apply)).Distinct()],
            []);
    }

    private static IEnumerable<RegularizerEntry> Regularizers(GraphOperation.Apply apply) => apply.Layer switch
    {
        DropoutLayer dropout => [new(apply.Path, dropout.Kind == DropoutKind.Element ? "Dropout" : $"{dropout.Kind}Dropout", dropout.Rate.Text, "code")],
        NormLayer norm => [new(apply.Path, $"{norm.Function}Norm", $"eps {Expression.Format(norm.Eps)}", "code")],
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
