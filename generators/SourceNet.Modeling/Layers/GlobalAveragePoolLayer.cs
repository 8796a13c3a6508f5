using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>The mean of each channel, or of each feature over the positions: <c>[C, ...] -> [C]</c>, <c>[T, dim] -> [dim]</c>.</summary>
public sealed record GlobalAveragePoolLayer : Layer
{
    internal static LayerKind Found { get; } = new()
    {
        Attributes = ["GlobalAveragePool"],
        Read = static _ => new GlobalAveragePoolLayer(),
        Modules = ["AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d"],
        Functions = ["adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d"],
        OwnModules = [],
        Recognize = static made => MadeLayer.Of(Recognized(made)),
    };

    public override string Role => "pool";

    public override string KindFor(Shape input) => "GlobalAveragePool";

    public override IEnumerable<string> Settings(PlacedLayer placed) => [];

    internal override Shape Infer(Shape input, ShapeInference shapes)
    {
        if (!input.IsKnown)
        {
            shapes.MissAxis(this, KindFor(input));
            return Shape.Unknown;
        }

        if (input.Rank < 2)
        {
            shapes.Report(Problems.WrongRank(KindFor(input), "[C, ...] or [T, dim]", input, Origin));
            return Shape.Unknown;
        }

        return Shape.Of(Layout.FeaturesLast, input.Dims[input.ChannelAxis]);
    }

    internal override bool LacksSizes(PlacedLayer placed) => !placed.Input.IsKnown;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed) => [];

    public override IEnumerable<ForwardRegularizer> Regularizers => [];

    public override ModeEffect Mode => ModeEffect.Same;

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.AsFast();

    public override bool IsRegistered => false;

    /// <summary>TorchSharp's adaptive pools keep axes of size 1, which no attribute does.</summary>
    public override IEnumerable<string>? Attribute => null;

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.GlobalAveragePool(this);

    /// <summary>A pool to one number a channel; to any other size its windows are not known.</summary>
    private static Layer Recognized(ModuleArguments made)
    {
        var unknown = AttributeArguments.Repeat(Dim.Unknown, made.Rank);
        return made.Window(made.Rank, Dim.Unknown, "output_size").All(size => size.Constant == 1)
            // TorchSharp's module leaves an axis of size 1 for each that it averages over.
            ? new GlobalAveragePoolLayer { LeavesOut = true }
            : new PoolLayer(made.Rank, Average: true, unknown, unknown, unknown, unknown, CeilMode: false, CountIncludePad: true);
    }
}
