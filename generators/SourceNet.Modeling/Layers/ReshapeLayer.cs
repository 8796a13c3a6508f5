using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>The same numbers on other axes.</summary>
public sealed record ReshapeLayer(EquatableArray<Dim> Sizes) : Layer
{
    internal static LayerKind Found { get; } = new()
    {
        Attributes = ["Reshape"],
        Read = static attribute => new ReshapeLayer(ReadSizes(attribute)),
        Modules = [],
        Functions = [],
        OwnModules = [],
        Recognize = LayerKind.NotRecognized,
    };

    public override string Role => "reshape";

    public override bool TakesIndices => true;

    public override bool KeepsElements => true;

    public override bool OnlyReshapes => true;

    public override string KindFor(Shape input) => "Reshape";

    public override IEnumerable<string> Settings(PlacedLayer placed) => [];

    internal override Shape Infer(Shape input, ShapeInference shapes)
    {
        var output = new Shape(Sizes, Layout.Open) { IsIndices = input.IsIndices };
        if (Sizes.Count == 0)
        {
            return Shape.Unknown;
        }

        var open = Sizes.Where(shapes.IsOpen).ToList();
        if (open.Count > 1)
        {
            shapes.Report(Problems.WrongValue("The sizes of Reshape", "known at construction, except for one", string.Join(" and ", open), Origin));
            return Shape.Unknown;
        }

        if (Dim.SurelyDiffer(input.Elements, output.Elements))
        {
            shapes.Report(Problems.ReshapeMismatch(input, output, Origin));
            return Shape.Unknown;
        }

        return output;
    }

    internal override bool LacksSizes(PlacedLayer placed) => Sizes.Count == 0;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed) => [];

    public override IEnumerable<ForwardRegularizer> Regularizers => [];

    public override ModeEffect Mode => ModeEffect.Same;

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.None;

    public override bool IsRegistered => false;

    public override IEnumerable<string>? Attribute => ["Reshape", .. Sizes.Select(AttributeText.Size)];

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.Reshape(this);

    private static EquatableArray<Dim> ReadSizes(AttributeArguments attribute)
    {
        if (attribute.Positional(0) is not object?[] { Length: > 0 } sizes)
        {
            attribute.Report(Problems.Missing(attribute.Name, "at least one size", attribute.Origin));
            return default;
        }

        return sizes.Select(size => attribute.Size(size, "A size", open: OpenSizes.Used)).ToEquatableArray();
    }
}
