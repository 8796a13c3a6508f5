using System.Globalization;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>
/// A recurrent layer of TorchSharp: <c>LSTM</c>, <c>GRU</c>, <c>RNN</c>, or one step of them. Hand-written models have them; there is no attribute for one.
/// </summary>
/// <param name="Module">TorchSharp's class.</param>
/// <param name="Hidden">The features of its state.</param>
/// <param name="Layers">How many lie on top of each other.</param>
/// <param name="Bidirectional">Whether there is one for each direction; null if that is not known.</param>
/// <param name="Dropout">The rate between two layers.</param>
public sealed record RecurrentLayer(string Module, Dim Hidden, Dim Layers, bool? Bidirectional, Rate Dropout) : WeightedLayer
{
    internal static LayerKind Found { get; } = new()
    {
        Attributes = [],
        Read = LayerKind.NotDeclared,
        Modules = ["RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell"],
        Functions = [],
        OwnModules = [],
        Recognize = static made => new(
            made.Name.EndsWith("Cell", StringComparison.Ordinal)
                ? new RecurrentLayer(made.Name, made.Size("hiddenSize"), 1, false, Rate.Zero)
                : new RecurrentLayer(made.Name, made.Size("hiddenSize"), made.Size("numLayers"), made.Flag("bidirectional"), made.Rate("dropout")),
            made.Size("inputSize"),
            made.Flag("bias")),
    };

    /// <summary>Whether its dropout does anything: it acts between two layers.</summary>
    private bool Drops => !Dropout.IsZero && Layers.Constant != 1;

    public override string Role => "recurrent";

    public override string KindFor(Shape input) => Module;

    public override IEnumerable<string> Settings(PlacedLayer placed) =>
        [
            $"hidden {Hidden}",
            Layers.Constant == 1 ? "" : $"layers {Layers}",
            Bidirectional == true ? "bidirectional" : "",
            Words.Rate(Dropout, "dropout"),
            NoBias(placed)
        ];

    /// <summary>Which axis is the batch, and what is taken of its results, the layer does not say.</summary>
    internal override Shape Infer(Shape input, ShapeInference shapes) => Shape.Unknown;

    internal override bool LacksSizes(PlacedLayer placed) => false;

    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed)
    {
        if (Layers.Constant is not (> 0 and < 1000 and var layers) || Bidirectional is not { } bidirectional)
        {
            yield return LayerParameter.Unknown;
            yield break;
        }

        var gates = Module switch { "LSTM" or "LSTMCell" => 4, "GRU" or "GRUCell" => 3, _ => 1 };
        foreach (var direction in bidirectional ? new[] { "", "_reverse" } : [""])
        {
            for (var layer = 0; layer < layers; layer++)
            {
                var input = layer == 0 ? placed.Input.Last : Hidden * (bidirectional ? 2 : 1);
                var suffix = Module.EndsWith("Cell", StringComparison.Ordinal) ? "" : $"_l{layer.ToString(CultureInfo.InvariantCulture)}{direction}";
                yield return LayerParameter.Weight(Hidden * gates * input, $"weight_ih{suffix}");
                yield return LayerParameter.Weight(Hidden * gates * Hidden, $"weight_hh{suffix}");
                if (placed.HasBias)
                {
                    yield return LayerParameter.Bias(Hidden * gates, $"bias_ih{suffix}");
                    yield return LayerParameter.Bias(Hidden * gates, $"bias_hh{suffix}");
                }
            }
        }
    }

    public override IEnumerable<ForwardRegularizer> Regularizers => Drops ? ForwardRegularizer.OfRate(RegularizationKind.Dropout, Dropout) : [];

    public override ModeEffect Mode => Drops ? ModeEffect.Of($"{Module}'s dropout still drops") : ModeEffect.Same;

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.AsFast();

    public override bool IsRegistered => true;

    public override IEnumerable<string>? Attribute => null;

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.NotDeclared(this);
}
