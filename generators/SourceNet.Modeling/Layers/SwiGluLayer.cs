using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>A gated feed-forward unit: <c>down(silu(gate(x)) · up(x))</c> (Shazeer 2020).</summary>
public sealed record SwiGluLayer(Dim Hidden) : WeightedLayer
{
    private static readonly string[] s_parts = ["gate", "up", "down"];

    internal static LayerKind Found { get; } = new()
    {
        Attributes = ["SwiGlu"],
        Read = static attribute => new SwiGluLayer(attribute.Size(attribute.Positional(0), "The hidden size")) { Bias = attribute.OptionalFlag("Bias") },
        Modules = [],
        Functions = [],
        OwnModules = ["SwiGlu"],
        Recognize = static made => new(new SwiGluLayer(made.Size("hidden")), made.Size("dim"), made.Flag("bias")),
    };

    public override IReadOnlyList<string> Parts => s_parts;

    public override string Role => "swi_glu";

    public override bool UsualBias => false;

    public override string KindFor(Shape input) => "SwiGlu";

    public override IEnumerable<string> Settings(PlacedLayer placed) => [$"hidden {Hidden}"];

    internal override Shape Infer(Shape input, ShapeInference shapes) =>
        shapes.LastSize(this, input) is null ? Shape.Unknown : input with { Layout = Layout.FeaturesLast };

    internal override bool LacksSizes(PlacedLayer placed) => !placed.Output.IsKnown || !placed.Input.Last.IsKnown || !placed.Output.Last.IsKnown;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed)
    {
        var width = placed.Input.Last;
        foreach (var part in s_parts)
        {
            yield return LayerParameter.Weight(Hidden * width, $"{part}.weight");
        }

        foreach (var part in placed.HasBias ? s_parts : [])
        {
            yield return LayerParameter.Bias(part == "down" ? width : Hidden, $"{part}.bias");
        }
    }

    public override IEnumerable<ForwardRegularizer> Regularizers => [];

    public override ModeEffect Mode => ModeEffect.Same;

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.AsFast(FusionRole.Kernel);

    public override bool IsRegistered => true;

    public override IEnumerable<string>? Attribute => ["SwiGlu", AttributeText.Size(Hidden)];

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.SwiGlu(this);
}
