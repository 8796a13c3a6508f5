using System.Globalization;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>A table of vectors, one for each index.</summary>
public sealed record EmbeddingLayer(Dim Count, Dim Width, int? PaddingIndex) : Layer
{
    internal static LayerKind Found { get; } = new()
    {
        Attributes = ["Embedding"],
        Read = static attribute => Read(attribute),
        Modules = ["Embedding", "EmbeddingBag", "Embedding_from_pretrained", "EmbeddingBag_from_pretrained"],
        Functions = ["embedding", "embedding_bag"],
        OwnModules = [],
        Recognize = static made => MadeLayer.Of(new EmbeddingLayer(made.Size("num_embeddings"), made.Size("embedding_dims"), null)),
    };

    public override string Role => "embedding";

    public override bool TakesIndices => true;

    public override string KindFor(Shape input) => "Embedding";

    public override IEnumerable<string> Settings(PlacedLayer placed) => [$"{Count} x {Width}"];

    internal override Shape Infer(Shape input, ShapeInference shapes)
    {
        if (!input.IsKnown)
        {
            return Shape.Unknown;
        }

        if (!input.IsIndices)
        {
            shapes.Report(Problems.WrongRank("Embedding", "indices (Int64)", input, Origin) with
            {
                Message = $"Embedding expects indices, found numbers {input}: say [Input(..., DType = ScalarType.Int64)]",
            });
        }

        return new Shape(input.Dims.Append(Width).ToEquatableArray(), Layout.FeaturesLast);
    }

    internal override bool LacksSizes(PlacedLayer placed) => !Count.IsKnown || !Width.IsKnown;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed) => [new("weight", ParameterRole.Table, Count * Width)];

    public override IEnumerable<ForwardRegularizer> Regularizers => [];

    public override ModeEffect Mode => ModeEffect.Same;

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.AsFast();

    public override bool IsRegistered => true;

    public override IEnumerable<string>? Attribute => PaddingIndex is null ? ["Embedding", AttributeText.Size(Count), AttributeText.Size(Width)] : null;

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.Embedding(this);

    private static EmbeddingLayer Read(AttributeArguments attribute)
    {
        var count = attribute.Size(attribute.Positional(0), "The number of vectors");
        var index = attribute.Named("PaddingIndex") as int?;
        if (index < 0 || index >= count.Constant)
        {
            attribute.Report(Problems.WrongValue(
                "PaddingIndex of Embedding",
                $"at least 0 and below {count}",
                index.Value.ToString(CultureInfo.InvariantCulture),
                attribute.Origin));
            index = null;
        }

        return new(count, attribute.Size(attribute.Positional(1), "The size of a vector"), index);
    }
}
