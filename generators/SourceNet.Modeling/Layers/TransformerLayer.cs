using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>A whole transformer layer of TorchSharp, or a stack of them: attention, feed-forward, dropouts and layer norms.</summary>
/// <param name="Module">TorchSharp's class.</param>
/// <param name="Width">The features.</param>
/// <param name="Hidden">The features inside of the feed-forward part.</param>
/// <param name="Repeat">How many layers lie on top of each other.</param>
/// <param name="Dropout">The rate of all dropouts in it.</param>
public sealed record TransformerLayer(string Module, Dim Width, Dim Hidden, Dim Repeat, Rate Dropout) : WeightedLayer
{
    internal static LayerKind Found { get; } = new()
    {
        Attributes = [],
        Read = LayerKind.NotDeclared,
        Modules = ["Transformer", "TransformerEncoder", "TransformerEncoderLayer", "TransformerDecoder", "TransformerDecoderLayer"],
        Functions = [],
        OwnModules = [],
        Recognize = static made => Recognized(made),
    };

    public override string Role => "transformer";

    public override string KindFor(Shape input) => Module;

    public override IEnumerable<string> Settings(PlacedLayer placed) =>
        [$"width {Width}", $"hidden {Hidden}", Repeat.Constant == 1 ? "" : $"repeat {Repeat}", Words.Rate(Dropout, "dropout")];

    /// <summary>It keeps the shape, but the batch stands on its second axis, so that no sample has one.</summary>
    internal override Shape Infer(Shape input, ShapeInference shapes) => Shape.Unknown;

    internal override bool LacksSizes(PlacedLayer placed) => false;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed)
    {
        // Attention: four projections with biases; feed-forward: two linear layers; a norm after each part.
        var attention = (Width * Width * 4) + (Width * 4);
        var feedForward = (Width * Hidden * 2) + Hidden + Width;
        yield return Module switch
        {
            "TransformerEncoder" or "TransformerEncoderLayer" => LayerParameter.Weight(Repeat * (attention + feedForward + (Width * 4)), "*"),
            "TransformerDecoder" or "TransformerDecoderLayer" => LayerParameter.Weight(Repeat * ((attention * 2) + feedForward + (Width * 6)), "*"),
            _ => LayerParameter.Unknown,
        };
    }

    public override IEnumerable<ForwardRegularizer> Regularizers =>
        [.. ForwardRegularizer.OfRate(RegularizationKind.Dropout, Dropout), ForwardRegularizer.Norm(RegularizationKind.LayerNorm, NormLayer.UsualEps)];

    public override ModeEffect Mode => ModeEffect.OfRate(Dropout, $"{Module}'s dropout still drops");

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.AsFast();

    public override bool IsRegistered => true;

    public override IEnumerable<string>? Attribute => null;

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.NotDeclared(this);

    private static MadeLayer Recognized(ModuleArguments made)
    {
        // A stack is made of one layer, which is copied.
        var inner = (made.Layer("encoder_layer") ?? made.Layer("decoder_layer")) as TransformerLayer;
        var isStack = made.Name is "TransformerEncoder" or "TransformerDecoder";
        var layer = new TransformerLayer(
            made.Name,
            isStack ? inner?.Width ?? Dim.Unknown : made.Size("d_model"),
            isStack ? inner?.Hidden ?? Dim.Unknown : made.Size("dim_feedforward"),
            isStack ? made.Size("num_layers") : 1,
            isStack ? inner?.Dropout ?? Rate.Unknown : made.Rate("dropout"));
        return new(layer, layer.Width, true);
    }
}
