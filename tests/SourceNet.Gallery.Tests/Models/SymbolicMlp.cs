using static SourceNet.ActivationKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>
/// Sizes and rates from constructor parameters and constants; parameters that the author's own code uses too, and one that is named like a keyword.
/// </summary>
[Model, Input("features")]
[WeightDecay("rate / 10"), LabelSmoothing(nameof(Share)), GradientClip(nameof(clip))]
public sealed partial class SymbolicMlp(int features, int @class, int depth = 3, double rate = 0.1, double clip = 5)
{
    private const int Expansion = 4;
    private const double Share = 0.05;
    private static readonly int s_bottleneck = 6;

    /// <summary>The author's code captures a parameter that the generated part uses as well.</summary>
    public double RateInUse => rate;

    /// <summary>It is the value of a generated field too.</summary>
    public double ClipInUse => clip;

    /// <summary>The author's code copies a parameter.</summary>
    public int Depth { get; } = depth;

    [Linear("Expansion * features"), Activation(Tanh), Dropout("depth / 16")]
    private partial Tensor Wide(Tensor x);

    [Linear("(Expansion * features - 2 * s_bottleneck) / 2 + depth"), Activation(GELU, Approximate = true), Dropout("rate + Share")]
    private partial Tensor Narrow(Tensor x);

    [Linear(nameof(s_bottleneck)), Activation(LeakyReLU, Slope = 0.2)]
    private partial Tensor Bottleneck(Tensor x);

    [Linear(nameof(@class)), Output]
    private partial Tensor Logits(Tensor @in);
}
