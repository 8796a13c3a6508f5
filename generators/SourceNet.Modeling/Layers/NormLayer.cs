using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>A norm: <c>(x − mean) / √(variance + eps)</c> over what its kind says, then a learned scale and shift.</summary>
public sealed record NormLayer(NormKind Function, double Eps, double Momentum, Dim Groups, bool? Affine) : Layer
{
    /// <summary>What is added to the variance if nothing is said.</summary>
    public const double UsualEps = 1e-5;

    /// <summary>The weight of a batch in running statistics if nothing is said.</summary>
    public const double UsualMomentum = 0.1;

    internal static LayerKind Found { get; } = new()
    {
        Attributes = ["Norm"],
        Read = static attribute => Read(attribute),
        Modules = ["BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d", "LayerNorm", "GroupNorm", "RMSNorm"],
        Functions = ["batch_norm", "instance_norm", "layer_norm", "group_norm", "rms_norm"],
        OwnModules = ["RMSNorm"],
        Recognize = static made => Recognized(made),
    };

    /// <summary>The spatial axes that the name of a hand-written module says; null where the shape tells.</summary>
    public int? Axes { get; init; }

    /// <summary>Whether an instance norm keeps running statistics, and so differs between the modes.</summary>
    public bool? TracksStatistics { get; init; }

    public override string Role => "norm";

    /// <summary>Whether it subtracts a mean of each channel, which removes a bias that stands directly before it.</summary>
    public bool RemovesBias => Function is NormKind.Batch or NormKind.Instance;

    public bool HasScale => Affine ?? Function != NormKind.Instance;

    public override bool IsSwitchedOff => Function == NormKind.None;

    public override ClassDefault? Default => new(TailPlace.Norm, "Norm", "it needs a block with a weighted layer, no norm of its own and no [Output]");

    public override string KindFor(Shape input) =>
        Function is NormKind.Batch or NormKind.Instance ? $"{Function}Norm{SpatialSuffix(input, Axes)}" : $"{Function}Norm";

    public override IEnumerable<string> Settings(PlacedLayer placed) =>
    [
        Function == NormKind.Group ? $"groups {Groups}" : "",
        Eps == UsualEps ? "" : $"eps {Expression.Format(Eps)}",
        Momentum == UsualMomentum ? "" : $"momentum {Expression.Format(Momentum)}",
        Affine is not { } affine || affine == (Function != NormKind.Instance) ? "" : affine ? "with scale" : "without scale",
    ];

    internal override Shape Infer(Shape input, ShapeInference shapes)
    {
        if (!input.IsKnown)
        {
            shapes.MissInput(this, input);
            return Shape.Unknown;
        }

        return Function is NormKind.Layer or NormKind.RMS ? OverFeatures(input, shapes) : OverChannels(input, shapes);
    }

    /// <summary>Layer norm and RMS norm: over the features of a position, or a whole image.</summary>
    private Shape OverFeatures(Shape input, ShapeInference shapes)
    {
        // Nobody can have a scale for an axis whose size is known only at run time: channels that stand behind such axes, [H, W, dim], are the last ones.
        if (input.Layout == Layout.Open && input.Rank > 2 && shapes.IsOpen(input.Dims[0]) && !shapes.IsOpen(input.Last))
        {
            input = input with { Layout = Layout.FeaturesLast };
        }

        return Normalized(input).All(size => shapes.SizeOf(this, size, input) is not null) ? input : Shape.Unknown;
    }

    /// <summary>The sizes that layer norm and RMS norm have a scale for.</summary>
    public static IReadOnlyList<Dim> Normalized(PlacedLayer placed) => Normalized(placed.Output.IsKnown ? placed.Output : placed.Input);

    private static IReadOnlyList<Dim> Normalized(Shape shape) => shape.IsChannelsFirst ? shape.Dims.ToList() : [shape.Last];

    private Shape OverChannels(Shape input, ShapeInference shapes)
    {
        var isSequence = input.Layout == Layout.FeaturesLast && input.Rank > 1;
        if (isSequence || input.Rank > 4 || (Function == NormKind.Instance && input.Rank < 2))
        {
            var smallest = Function == NormKind.Instance ? "[C, L]" : "[C]";
            shapes.Report(Problems.WrongRank(KindFor(input), $"channels first, {smallest} to [C, D, H, W]", input, Origin) with
            {
                Message = isSequence
                    ? $"{KindFor(input)} normalizes channels on the first axis, found features on the last axis of {input}: use [Norm(Layer)] or [Norm(RMS)]"
                    : $"{KindFor(input)} expects channels first, {smallest} to [C, D, H, W], found {input}",
            });
            return Shape.Unknown;
        }

        if (shapes.SizeOf(this, input.Dims[0], input) is not { } channels)
        {
            return Shape.Unknown;
        }

        if (Function == NormKind.Group && Groups.Constant != 0 && channels.Constant % Groups.Constant is { } rest && rest != 0)
        {
            shapes.Report(
                Problems.NotDivisible("Groups of GroupNorm (32 if nothing is said) must divide its channels", channels.ToString(), Groups.ToString(), Origin));
            return Shape.Unknown;
        }

        return input.Rank > 1 ? input with { Layout = Layout.ChannelsFirst } : input;
    }

    internal override bool LacksSizes(PlacedLayer placed) => !placed.Output.IsKnown;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed)
    {
        if (!HasScale)
        {
            yield break;
        }

        var size = Scaled(placed);
        yield return new LayerParameter("weight", ParameterRole.Other, size) { IsNullable = Function == NormKind.RMS };
        if (Function != NormKind.RMS)
        {
            yield return LayerParameter.Bias(size);
        }
    }

    /// <summary>How many numbers its scale has.</summary>
    private Dim Scaled(PlacedLayer placed) => !placed.Input.IsKnown ? Dim.Unknown
        : Function is NormKind.Layer or NormKind.RMS ? Normalized(placed).Aggregate((Dim)1, (product, size) => product * size)
        : placed.Input.Rank > 0 ? placed.Input.Dims[placed.Input.ChannelAxis]
        : Dim.Unknown;

    public override IEnumerable<ForwardRegularizer> Regularizers => Function switch
    {
        NormKind.Batch => [ForwardRegularizer.Norm(RegularizationKind.BatchNorm, Eps)],
        NormKind.Layer => [ForwardRegularizer.Norm(RegularizationKind.LayerNorm, Eps)],
        NormKind.RMS => [ForwardRegularizer.Norm(RegularizationKind.RMSNorm, Eps)],
        NormKind.Group => [ForwardRegularizer.Norm(RegularizationKind.GroupNorm, Eps)],
        NormKind.Instance => [ForwardRegularizer.Norm(RegularizationKind.InstanceNorm, Eps)],
        _ => [],
    };

    public override ModeEffect Mode => Function switch
    {
        NormKind.Batch => ModeEffect.Of("batch norm uses and learns the statistics of the batch"),
        NormKind.Instance when TracksStatistics == true => ModeEffect.Of("instance norm learns its statistics"),
        NormKind.Instance when TracksStatistics is null => ModeEffect.Unknown,
        _ => ModeEffect.Same,
    };

    public override FusionPart Fusion(PlacedLayer placed) => Function switch
    {
        NormKind.Batch => FusionPart.AsFast(FusionRole.BatchNorm),
        NormKind.Layer => FusionPart.AsFast(FusionRole.LayerNorm),
        NormKind.RMS => FusionPart.AsFast(FusionRole.RMSNorm),
        NormKind.None => FusionPart.None,
        _ => FusionPart.NoKernel(),
    };

    public override bool IsRegistered => true;

    public override IEnumerable<string>? Attribute => Function == NormKind.None || TracksStatistics == true
        ? null
        :
        [
            "Norm", $"NormKind.{Function}",
            .. Eps == UsualEps ? Array.Empty<string>() : [$"Eps = {AttributeText.Number(Eps)}"],
            .. Momentum == UsualMomentum ? Array.Empty<string>() : [$"Momentum = {AttributeText.Number(Momentum)}"],
            .. Function == NormKind.Group ? [AttributeText.Named("Groups", Groups)] : Array.Empty<string>(),
            .. Affine is { } affine && affine != (Function != NormKind.Instance) ? [AttributeText.Flag("Affine", affine)] : Array.Empty<string>(),
        ];

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.Norm(this);

    private static NormLayer? Read(AttributeArguments attribute)
    {
        if (attribute.Choice<NormKind>(attribute.Positional(0), "The kind") is not { } kind)
        {
            return null;
        }

        var eps = attribute.Real("Eps", UsualEps);
        if (eps <= 0)
        {
            attribute.Report(Problems.OutOfRange("Eps of Norm", "above 0", eps, attribute.Origin));
        }

        var momentum = attribute.Real("Momentum", UsualMomentum);
        if (momentum is < 0 or > 1)
        {
            attribute.Report(Problems.OutOfRange("Momentum of Norm", "in [0, 1]", momentum, attribute.Origin));
        }

        return new(kind, eps, momentum, attribute.NamedSize("Groups", 32), attribute.OptionalFlag("Affine")) { TracksStatistics = false };
    }

    private static MadeLayer Recognized(ModuleArguments made)
    {
        var (kind, size) = made.Name switch
        {
            "BatchNorm1d" or "BatchNorm2d" or "BatchNorm3d" or "batch_norm" => (NormKind.Batch, made.Size("num_features")),
            "InstanceNorm1d" or "InstanceNorm2d" or "InstanceNorm3d" or "instance_norm" => (NormKind.Instance, made.Size("num_features")),
            "GroupNorm" or "group_norm" => (NormKind.Group, made.Size("num_channels")),
            "RMSNorm" or "rms_norm" => (NormKind.RMS, made.Size("normalized_shape", "features", "normalizedShape")),
            _ => (NormKind.Layer, made.Size("normalized_shape")),
        };
        var norm = new NormLayer(
            kind,
            made.Number("eps", UsualEps),
            made.Number("momentum", UsualMomentum),
            made.Size("num_groups"),
            made.Flag("affine", "elementwise_affine"))
        {
            Axes = kind is NormKind.Batch or NormKind.Instance ? made.NamedRank : null,
            TracksStatistics = kind == NormKind.Instance ? made.Flag("track_running_stats") : false,
        };
        return new(norm, size, false);
    }
}
