using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>A nonlinear function.</summary>
/// <param name="Numbers">Its numbers in the order of its formula, such as the slope; none if they are the usual ones of hand-written code.</param>
public sealed record ActivationLayer(ActivationKind Function, EquatableArray<double> Numbers, bool Approximate) : Layer
{
    private static readonly ActivationKind[] s_all =
        Enum.GetValues(typeof(ActivationKind)).Cast<ActivationKind>().Where(function => function != ActivationKind.None).ToArray();

    /// <summary>The functions of tensors, under all names that TorchSharp has for them.</summary>
    private static readonly Dictionary<string, ActivationKind> s_byFunction = s_all
        .Select(function => (function.ToString().ToLowerInvariant(), function))
        .Append(("leaky_relu", ActivationKind.LeakyReLU))
        .Append(("log_sigmoid", ActivationKind.LogSigmoid))
        .ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);

    internal static LayerKind Found { get; } = new()
    {
        Attributes = ["Activation"],
        Read = static attribute => Read(attribute),
        Modules = s_all.Select(function => function.ToString()).ToArray(),
        Functions = s_byFunction.Keys.ToArray(),
        OwnModules = ["RReLU"],
        Recognize = static made => MadeLayer.Of(new ActivationLayer(
            s_byFunction.TryGetValue(made.Name, out var function) ? function : (ActivationKind)Enum.Parse(typeof(ActivationKind), made.Name), default,
            Approximate: false)),
    };

    public override string Role => "activation";

    public override bool IsSwitchedOff => Function == ActivationKind.None;

    public override ClassDefault? Default =>
        new(TailPlace.Activation, "Activation", "it needs a block with a weighted layer, no activation of its own and no [Output]");

    public override bool KeepsElements => Function != ActivationKind.GLU;

    /// <summary>Whether it is a function of each number by itself, without parameters or chance.</summary>
    public bool IsElementwise => Function is not (ActivationKind.None or ActivationKind.PReLU or ActivationKind.RReLU or ActivationKind.GLU);

    public override string KindFor(Shape input) => Function.ToString();

    public override IEnumerable<string> Settings(PlacedLayer placed) => [];

    internal override Shape Infer(Shape input, ShapeInference shapes)
    {
        if (Function != ActivationKind.GLU)
        {
            return input;
        }

        if (!input.IsKnown)
        {
            shapes.MissAxis(this, KindFor(input));
            return input;
        }

        var size = input.Dims[input.ChannelAxis];
        if (Dim.DivideExactly(size - 1, 2) is not null)
        {
            shapes.Report(Problems.NotDivisible("GLU halves the channels or features", size.ToString(), "2", Origin));
            return Shape.Unknown;
        }

        return input.With(input.ChannelAxis, size / 2);
    }

    internal override bool LacksSizes(PlacedLayer placed) => Function == ActivationKind.GLU && !placed.Input.IsKnown;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed) =>
        Function == ActivationKind.PReLU ? [new("weight", ParameterRole.Other, 1)] : [];

    public override IEnumerable<ForwardRegularizer> Regularizers => [];

    public override ModeEffect Mode => Function == ActivationKind.RReLU ? ModeEffect.Of("RReLU draws its slopes") : ModeEffect.Same;

    public override FusionPart Fusion(PlacedLayer placed) => Function switch
    {
        ActivationKind.PReLU => FusionPart.Alone("it learns its slope"),
        ActivationKind.RReLU => FusionPart.Alone("it draws its slopes"),
        _ => FusionPart.AsFast(IsElementwise ? FusionRole.Activation : FusionRole.Alone),
    };

    public override bool IsRegistered => Function is ActivationKind.PReLU or ActivationKind.RReLU;

    public override IEnumerable<string>? Attribute =>
        Function is ActivationKind.None or ActivationKind.GLU || Numbers.Count > 0 ? null : ["Activation", $"ActivationKind.{Function}"];

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.Activation(this);

    private static ActivationLayer? Read(AttributeArguments attribute)
    {
        if (attribute.Choice<ActivationKind>(attribute.Positional(0), "The kind") is not { } function)
        {
            return null;
        }

        double[] numbers = function switch
        {
            ActivationKind.LeakyReLU => [attribute.Real("Slope", 0.01)],
            ActivationKind.PReLU => [attribute.Real("Slope", 0.25)],
            ActivationKind.RReLU => [attribute.Real("Lower", 1.0 / 8), attribute.Real("Upper", 1.0 / 3)],
            ActivationKind.ELU or ActivationKind.CELU => [attribute.Real("Alpha", 1)],
            ActivationKind.Hardtanh => [attribute.Real("Minimum", -1), attribute.Real("Maximum", 1)],
            ActivationKind.Softplus => [attribute.Real("Beta", 1), attribute.Real("Threshold", 20)],
            ActivationKind.Softshrink or ActivationKind.Hardshrink => [attribute.Real("Lambda", 0.5)],
            ActivationKind.Threshold => [attribute.Real("Threshold", 0), attribute.Real("Value", 0)],
            _ => [],
        };
        if (function is ActivationKind.Hardtanh or ActivationKind.RReLU && numbers[0] > numbers[1])
        {
            attribute.Report(Problems.OutOfRange($"The lower bound of {function}", $"at most {Expression.Format(numbers[1])}", numbers[0], attribute.Origin));
        }

        return new(function, numbers.ToEquatableArray(), attribute.Flag("Approximate"));
    }
}
