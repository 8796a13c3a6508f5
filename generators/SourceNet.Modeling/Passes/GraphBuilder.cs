using System.Runtime.CompilerServices;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Regularizers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Passes;

/// <summary>
/// Makes the graph of a declared model: its blocks become regions (defaults, names, shapes, ties), the hand-written code between them is followed, and the
/// passes run: fusion, the plan of regularizers, the parameter groups.
/// </summary>
public static class GraphBuilder
{
    private static readonly ConditionalWeakTable<ModelDeclaration, LayerGraph> s_inside = new();

    /// <summary>The graph of a model inside another; several passes ask for it.</summary>
    internal static LayerGraph Inside(ModelDeclaration declaration) => s_inside.GetValue(declaration, static inner => Build(inner));

    public static LayerGraph Build(ModelDeclaration declaration, CancellationToken cancellation = default)
    {
        var problems = new List<Problem>();
        var blocks = new List<Block>();
        var input = declaration.Input?.Shape is { } shape ? shape with { IsIndices = declaration.Input.ElementType == "Int64" } : Shape.Unknown;
        var chained = input;
        var inference = Inference(declaration, problems);
        var calls = declaration.HasForward ? BlockCalls.Follow(declaration, input) : null;
        input = declaration.Signature is { Parameters.Count: > 1 } ? Shape.Unknown : input;
        foreach (var block in declaration.Blocks)
        {
            cancellation.ThrowIfCancellationRequested();
            if (calls is not null)
            {
                // Hand-written code connects the blocks: each one is looked at by itself.
                chained = calls.InputOf(block.MethodName);
                inference = declaration.Input is null ? inference : Inference(declaration, problems);
                inference.LostAt = chained.IsKnown ? null : calls.LostBefore(declaration, block.MethodName);
                if (problems.Any(problem => problem.IsError && problem.Topic != ProblemTopic.MissingShape))
                {
                    inference.MarkAsReported();
                }
            }

            if (!block.IsExpandable)
            {
                inference.MarkAsReported();
            }

            var built = Build(block, Input(block, chained, inference, problems), declaration, blocks, inference, problems);
            blocks.Add(built);
            chained = built.Output;
        }

        StateNames.Check(declaration, blocks, problems);
        DeclarationChecks.Check(declaration, blocks, problems);
        blocks = blocks.Select(block => block with { Fusion = FusionPlanner.Plan(block, declaration.Fuse) }).ToList();
        var found = declaration.Problems.Concat(problems).ToList();
        var graph = SumFusion.Plan(WithStatedOutput(NodeLowering.Lower(declaration, WithObstacles(blocks, found), calls, input), found));
        ObjectiveChecks.Check(graph, found);
        var (plan, groups) = RegularizationPlanner.Plan(graph);
        return graph with { Plan = plan, Groups = groups, Problems = Once(found).ToEquatableArray() };
    }

    /// <summary>A graph whose output is what the class states, where the forward does not tell.</summary>
    private static LayerGraph WithStatedOutput(LayerGraph graph, List<Problem> problems)
    {
        if (graph.Declaration?.Output is not { } stated)
        {
            return graph;
        }

        if (Shape.SurelyDiffer(stated.Shape, graph.Output))
        {
            problems.Add(Problems.OutputMismatch(graph.Name, stated.Shape, graph.Output, stated.Origin));
        }

        return graph with { Output = Said(stated, graph.Output) };
    }

    /// <summary>A shape that was followed, or what is stated in its place where it was lost.</summary>
    private static Shape Said(StatedShape stated, Shape followed) =>
        followed.IsKnown && followed.Dims.All(size => size.IsKnown)
            ? followed
            : stated.Shape with { Layout = stated.Shape.Layout == Layout.Open ? followed.Layout : stated.Shape.Layout };

    /// <summary>What is wrong with a layer of the class shows in every block that gets it, and is told of the first.</summary>
    private static IEnumerable<Problem> Once(IEnumerable<Problem> problems) => problems
        .GroupBy(problem => problem.Origin is { Kind: OriginKind.Class, Attribute: >= 0 }
            ? (problem.Id, problem.Origin, "")
            : (problem.Id, problem.Origin, problem.Message))
        .Select(group => group.First());

    private static ShapeInference Inference(ModelDeclaration declaration, List<Problem> problems)
    {
        var inference = new ShapeInference(declaration.FreeSizes.ToList(), problems);
        // Where the forward is wrong itself, nothing is known, and the reason has been told.
        if (declaration.Problems.Any(problem => problem.Topic == ProblemTopic.Forward))
        {
            inference.MarkAsReported();
        }

        return inference;
    }

    /// <summary>What a block makes of a shape, whatever is wrong with it.</summary>
    internal static Shape OutputOf(BlockDeclaration block, Shape input, ModelDeclaration model)
    {
        var ignored = new List<Problem>();
        var inference = new ShapeInference(model.FreeSizes.ToList(), ignored);
        return Build(block, Input(block, input, inference, ignored), model, [], inference, ignored).Output;
    }

    private static Shape Input(BlockDeclaration block, Shape chained, ShapeInference inference, List<Problem> problems)
    {
        if (block.Input is not { } stated)
        {
            return chained;
        }

        if (Shape.SurelyDiffer(stated.Shape, chained))
        {
            problems.Add(Problems.InputMismatch(block.MethodName, stated.Shape, chained, stated.Origin));
            // Which of the two is meant cannot be told.
            inference.MarkAsReported();
            return Shape.Unknown;
        }

        // The stated sizes with the layout that is known from the layers before.
        return stated.Shape with
        {
            Layout = stated.Shape.Layout == Layout.Open ? chained.Layout : stated.Shape.Layout,
            IsIndices = stated.ElementType == "Int64"
        };
    }

    private static Block Build(
        BlockDeclaration declaration,
        Shape input,
        ModelDeclaration model,
        IReadOnlyList<Block> before,
        ShapeInference inference,
        List<Problem> problems)
    {
        var problemsBefore = problems.Count;
        if (!IsReadable(model.Input) || !IsReadable(declaration.Input))
        {
            inference.MarkAsReported();
        }

        var regularizers = declaration.Regularizers.Or(model.Regularizers).Effective();
        if (declaration.IsOutput)
        {
            regularizers = regularizers.Without(entry =>
                RegularizerCatalogue.Of(entry.Kind) is Reparametrization { SparesOutput: true } && declaration.Regularizers[entry.Kind] is null);
        }

        var body = DefaultLayers.Apply(declaration, model.Defaults);
        var layers = body.Concat(declaration.AfterSum.Where(layer => !layer.IsSwitchedOff)).ToList();
        var names = LayerNaming.Names(layers, declaration.StateName);
        var placed = new List<PlacedLayer>();
        var shape = input;
        for (var i = 0; i < layers.Count; i++)
        {
            if (i == body.Count)
            {
                shape = Sum();
            }

            var layer = layers[i];
            var isReported = layer is UnreadableLayer || model.Problems.Any(problem => problem.Origin == layer.Origin);
            var output = inference.After(layer, shape, isReported);
            var tie = layer is LinearLayer { TiedTo: { } owner } linear ? Tie(linear, owner, shape, before, problems) : null;
            var path = LayerNaming.Join(declaration.StateName, names[i]);
            var next = i + 1 == body.Count ? null : layers.ElementAtOrDefault(i + 1);
            placed.Add(new PlacedLayer(layer, names[i], path, shape, output, HasBias(layer, next), tie));
            shape = output;
        }

        if (layers.Count == body.Count)
        {
            shape = Sum();
        }

        if (declaration.Output is { } stated)
        {
            if (Shape.SurelyDiffer(stated.Shape, shape))
            {
                problems.Add(Problems.OutputMismatch(declaration.MethodName, stated.Shape, shape, stated.Origin));
                inference.MarkAsReported();
            }

            shape = Said(stated, shape);
        }

        var obstacle = problems.Skip(problemsBefore).FirstOrDefault(problem => problem.IsError)?.Message;
        return new Block(declaration, placed.ToEquatableArray(), regularizers, input, shape, obstacle) { BodyCount = body.Count };

        // The input on top of what the body made, if the block is residual.
        Shape Sum()
        {
            if (!declaration.IsResidual)
            {
                return shape;
            }

            if (Shape.SurelyDiffer(input, shape))
            {
                problems.Add(Problems.ResidualMismatch(declaration.MethodName, input, shape, declaration.ResidualOrigin));
                inference.MarkAsReported();
                return Shape.Unknown;
            }

            return input.IsKnown ? input with { Layout = shape.IsKnown ? shape.Layout : input.Layout } : shape;
        }
    }

    /// <summary>Whether nothing was wrong with it: a size of an <c>[Input]</c> is unknown only if a problem, or the compiler, says why.</summary>
    private static bool IsReadable(StatedShape? input) => input is null || (input.Shape.IsKnown && input.Shape.Dims.All(size => size.IsKnown));

    private static bool HasBias(Layer layer, Layer? next) => layer is WeightedLayer weighted
        && (weighted.Bias ?? (weighted.UsualBias && !(weighted.LosesBiasBeforeNorm && next is NormLayer { RemovesBias: true })));

    private static TiedWeight? Tie(LinearLayer layer, string owner, Shape input, IReadOnlyList<Block> before, List<Problem> problems)
    {
        var block = before.FirstOrDefault(candidate => candidate.Declaration.MethodName == owner);
        var source = block?.Layers.FirstOrDefault(candidate => candidate.Layer is EmbeddingLayer or LinearLayer { TiedTo: null });
        if (block is null || source is null)
        {
            problems.Add(Problems.TiedToNothing(owner, layer.Origin));
            return null;
        }

        var weight = source.Layer is EmbeddingLayer embedding
            ? Shape.Of(Layout.Open, embedding.Count, embedding.Width)
            : Shape.Of(Layout.Open, ((LinearLayer)source.Layer).OutFeatures, source.Input.Last);
        var needed = Shape.Of(Layout.Open, layer.OutFeatures, input.Last);
        if (Shape.SurelyDiffer(weight, needed))
        {
            problems.Add(Problems.TiedShapes(owner, weight.ToString(), needed.ToString(), layer.Origin));
            return null;
        }

        return new TiedWeight(owner, source.Name, source.Path, source.Layer is EmbeddingLayer);
    }

    /// <summary>The blocks, each with what keeps it from being written. One that shares the weight of such a block cannot be written either.</summary>
    private static List<Block> WithObstacles(IReadOnlyList<Block> blocks, IReadOnlyList<Problem> problems)
    {
        var done = new List<Block>();
        foreach (var block in blocks)
        {
            var owner = block.Layers.Select(layer => layer.Tie?.Block).FirstOrDefault(name => done.Any(other => other.Declaration.MethodName == name
                && other.Obstacle is not null));
            done.Add(block with { Obstacle = Obstacle(block, problems) ?? (owner is null ? null : $"'{owner}', whose weight it shares, cannot be expanded") });
        }

        return done;
    }

    /// <summary>The first thing that keeps a block from being written, in words that its stand-in can throw.</summary>
    private static string? Obstacle(Block block, IEnumerable<Problem> problems) =>
        !block.Declaration.IsExpandable ? "its signature is not that of a block"
        : problems.FirstOrDefault(problem => problem.IsError
            && problem.Origin.Kind == OriginKind.Block
            && problem.Origin.Member == block.Declaration.Origin.Member)?.Message
        ?? block.Obstacle
        ?? (block.Layers.Any(layer => layer.Layer is UnreadableLayer) ? "one of its attributes could not be read"
            : block.Layers.Any(placed => placed.Layer.LacksSizes(placed)) ? "the sizes of its weights could not be inferred"
            : null);
}
