using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>A module of TorchSharp of which no more is known than its name.</summary>
/// <param name="Module">TorchSharp's class.</param>
public sealed record OtherLayer(string Module) : Layer
{
    /// <summary>Modules that learn nothing and do the same in both modes.</summary>
    private static readonly HashSet<string> s_functions =
    [
        "Identity", "LocalResponseNorm", "CrossMapLRN2d", "Flatten", "Unflatten", "Fold", "Unfold", "PixelShuffle", "PixelUnshuffle", "ChannelShuffle",
        "ZeroPad2d",
        "ConstantPad1d", "ConstantPad2d", "ConstantPad3d", "ReflectionPad1d", "ReflectionPad2d", "ReflectionPad3d", "ReplicationPad1d", "ReplicationPad2d",
        "ReplicationPad3d",
        "LPPool1d", "LPPool2d", "MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d", "FractionalMaxPool2d", "FractionalMaxPool3d",
        "AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "AdaptiveMaxPool3d", "CosineSimilarity", "PairwiseDistance",
    ];

    internal static LayerKind Found { get; } = new()
    {
        Attributes = [],
        Read = LayerKind.NotDeclared,
        Modules = [],
        Functions = [],
        OwnModules = [],
        Recognize = LayerKind.NotRecognized,
    };

    public override string Role => "other";

    /// <summary>Whether it is known what it does, at least to modes and weights.</summary>
    public bool IsUnderstood => s_functions.Contains(Module);

    public override string KindFor(Shape input) => Module;

    public override IEnumerable<string> Settings(PlacedLayer placed) => [];

    internal override Shape Infer(Shape input, ShapeInference shapes) => Shape.Unknown;

    internal override bool LacksSizes(PlacedLayer placed) => false;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed) => s_functions.Contains(Module) ? [] : [LayerParameter.Unknown];

    public override IEnumerable<ForwardRegularizer> Regularizers => [];

    public override ModeEffect Mode => s_functions.Contains(Module) || Module == "Bilinear" ? ModeEffect.Same : ModeEffect.Unknown;

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.AsFast();

    public override bool IsRegistered => true;

    public override IEnumerable<string>? Attribute => null;

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.NotDeclared(this);
}
