using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>Multi-head attention of a sequence to itself.</summary>
public sealed record AttentionLayer(Dim Heads, Dim? KeyValueHeads, bool Causal, bool Rotary, double RotaryBase, Rate Dropout) : WeightedLayer
{
    /// <summary>The base of rotary positions if nothing is said.</summary>
    public const double UsualBase = 10_000;

    private static readonly string[] s_projections = ["query", "key", "value", "output"];

    private static readonly string[] s_fusedProjections = ["query_key_value", "output"];

    internal static LayerKind Found { get; } = new()
    {
        Attributes = ["Attention"],
        Read = static attribute => Read(attribute),
        Modules = ["MultiheadAttention"],
        Functions = [],
        OwnModules = ["Attention"],
        Recognize = static made => made.Name == "MultiheadAttention"
            ? new(
                new AttentionLayer(made.Size("num_heads"), null, Causal: false, Rotary: false, UsualBase, made.Rate("dropout")) { IsTorch = true },
                made.Size("embedded_dim"),
                made.Flag("bias"))
            : new(
                new AttentionLayer(
                    made.Size("heads"),
                    made.IsNull("keyValueHeads") ? null : made.Size("keyValueHeads"),
                    made.Flag("causal") ?? false,
                    made.Flag("rotary") ?? false,
                    made.Number("rotaryBase", UsualBase),
                    made.Rate("dropout"))
                { IsFused = made.Flag("fused") ?? false },
                made.Size("dim"),
                made.Flag("bias")),
    };

    /// <summary>Whether one linear layer makes queries, keys and values.</summary>
    public bool IsFused { get; init; }

    public override IReadOnlyList<string> Parts => IsFused ? s_fusedProjections : s_projections;

    /// <summary>Whether this is TorchSharp's own <c>MultiheadAttention</c>, of which shapes and modes differ.</summary>
    public bool IsTorch { get; init; }

    public override string Role => "attention";

    public override string KindFor(Shape input) => IsTorch ? "MultiheadAttention" : "Attention";

    public override IEnumerable<string> Settings(PlacedLayer placed) =>
    [
        $"heads {Heads}", KeyValueHeads is { } heads ? $"key-value heads {heads}" : "",
        Causal ? "causal" : "", Rotary ? "rotary" : "", IsFused ? "fused" : "",
        Words.Rate(Dropout, "dropout"), NoBias(placed),
    ];

    internal override Shape Infer(Shape input, ShapeInference shapes)
    {
        if (IsTorch)
        {
            return Shape.Unknown;
        }

        var output = shapes.Sequence(this, input);
        if (output.Last.Constant is { } width && Heads.Constant is not 0 and { } heads)
        {
            if (width % heads != 0)
            {
                shapes.Report(Problems.NotDivisible("The heads of Attention must divide its features", output.Last.ToString(), Heads.ToString(), Origin));
            }
            else if (Rotary && width / heads % 2 != 0)
            {
                shapes.Report(Problems.WrongValue("The size of a head of rotary Attention", "even", $"{output.Last} / {Heads}", Origin));
            }
        }

        return output;
    }

    internal override bool LacksSizes(PlacedLayer placed) => !placed.Output.IsKnown || !placed.Input.Last.IsKnown || !placed.Output.Last.IsKnown;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed)
    {
        var width = placed.Input.Last;
        foreach (var part in Parts)
        {
            yield return LayerParameter.Weight(Outputs(part) * width, $"{part}.weight");
        }

        foreach (var part in placed.HasBias ? Parts : [])
        {
            yield return LayerParameter.Bias(Outputs(part), $"{part}.bias");
        }

        Dim Outputs(string part) => part switch
        {
            "query_key_value" => width + (2 * (width / Heads * (KeyValueHeads ?? Heads))),
            "key" or "value" => width / Heads * (KeyValueHeads ?? Heads),
            _ => width,
        };
    }

    public override IEnumerable<ForwardRegularizer> Regularizers => ForwardRegularizer.OfRate(RegularizationKind.Dropout, Dropout);

    public override ModeEffect Mode => ModeEffect.OfRate(Dropout, "attention's dropout still drops");

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.AsFast();

    public override bool IsRegistered => true;

    public override IEnumerable<string>? Attribute => IsTorch
        ? null
        :
        [
            "Attention", AttributeText.Size(Heads),
            .. KeyValueHeads is { } heads ? [AttributeText.Named("KeyValueHeads", heads)] : Array.Empty<string>(),
            .. Causal ? [AttributeText.Flag("Causal", true)] : Array.Empty<string>(),
            .. Rotary ? [AttributeText.Flag("Rotary", true)] : Array.Empty<string>(),
            .. Rotary && RotaryBase != UsualBase ? [$"RotaryBase = {AttributeText.Number(RotaryBase)}"] : Array.Empty<string>(),
            .. IsFused ? [AttributeText.Flag("Fused", true)] : Array.Empty<string>(),
            .. Dropout.IsZero ? Array.Empty<string>() : [AttributeText.Rate(Dropout) is { Length: > 0 } rate ? $"Dropout = {rate}" : ""],
        ];

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.Attention(this);

    private static AttentionLayer Read(AttributeArguments attribute)
    {
        var heads = attribute.Size(attribute.Positional(0), "The number of heads");
        Dim? keyValueHeads = attribute.Says("KeyValueHeads") ? attribute.NamedSize("KeyValueHeads", 1) : null;
        if (keyValueHeads is not null && heads.Constant % keyValueHeads.Constant is { } rest && rest != 0)
        {
            attribute.Report(
                Problems.NotDivisible("KeyValueHeads of Attention must divide its heads", heads.ToString(), keyValueHeads.ToString(), attribute.Origin));
        }

        var rotaryBase = attribute.Real("RotaryBase", UsualBase);
        if (rotaryBase <= 1)
        {
            attribute.Report(Problems.OutOfRange("RotaryBase of Attention", "above 1", rotaryBase, attribute.Origin));
            rotaryBase = UsualBase;
        }

        var dropout = attribute.Says("Dropout") ? attribute.Rate(attribute.Named("Dropout"), "Dropout") : Rate.Zero;
        return new(heads, keyValueHeads, attribute.Flag("Causal"), attribute.Flag("Rotary"), rotaryBase, dropout)
        {
            Bias = attribute.OptionalFlag("Bias"),
            IsFused = attribute.Flag("Fused"),
        };
    }
}
