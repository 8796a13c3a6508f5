using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>A learned vector for each position of a sequence, added to it.</summary>
public sealed record PositionEmbeddingLayer(Dim MaxLength) : Layer
{
    internal static LayerKind Found { get; } = new()
    {
        Attributes = ["PositionEmbedding"],
        Read = static attribute => new PositionEmbeddingLayer(attribute.Size(attribute.Positional(0), "The number of positions")),
        Modules = [],
        Functions = [],
        OwnModules = ["PositionEmbedding"],
        Recognize = static made => new(new PositionEmbeddingLayer(made.Size("maxLength")), made.Size("dim"), false),
    };

    public override string Role => "position_embedding";

    public override string KindFor(Shape input) => "PositionEmbedding";

    public override IEnumerable<string> Settings(PlacedLayer placed) => [$"up to {MaxLength}"];

    internal override Shape Infer(Shape input, ShapeInference shapes)
    {
        var output = shapes.Sequence(this, input);
        if (output.IsKnown && output.Dims[0].Constant > MaxLength.Constant)
        {
            var expected = $"at least {output.Dims[0]}, the length of {output}";
            shapes.Report(Problems.WrongValue("The number of positions of PositionEmbedding", expected, MaxLength.ToString(), Origin));
        }

        return output;
    }

    internal override bool LacksSizes(PlacedLayer placed) => !placed.Output.IsKnown || !placed.Input.Last.IsKnown || !placed.Output.Last.IsKnown;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed) => [new("weight", ParameterRole.Table, MaxLength * placed.Input.Last)];

    public override IEnumerable<ForwardRegularizer> Regularizers => [];

    public override ModeEffect Mode => ModeEffect.Same;

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.AsFast();

    public override bool IsRegistered => true;

    public override IEnumerable<string>? Attribute => ["PositionEmbedding", AttributeText.Size(MaxLength)];

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.PositionEmbedding(this);
}
