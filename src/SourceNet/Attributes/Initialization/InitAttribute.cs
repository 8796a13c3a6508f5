namespace SourceNet;

/// <summary>
/// What the weights of linear layers, convolutions, embeddings, attention and feed-forward layers start from: <c>[Init(TruncatedNormal, 0.02)]</c>. Their
/// biases start from 0, and norms from the scale 1 and the shift 0 as ever.
/// </summary>
/// <remarks>
/// On the class: the default of every block. A layer says it for itself by its property <c>Init</c>. Models inside start as their own class says, and parts
/// written by hand as their author does. If nothing is said, layers start as TorchSharp's do, but for an embedding whose weight makes the logits too
/// (<c>TiedTo</c>): it starts normal with the standard deviation 0.02, as in BERT and GPT-2.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class InitAttribute : Attribute
{
    /// <param name="kind">What the weights start from.</param>
    public InitAttribute(InitKind kind) => Kind = kind;

    /// <param name="kind">What the weights start from.</param>
    /// <param name="scale">The standard deviation of a normal, the bound of a uniform, the gain of the others, above 0; the number of a constant.</param>
    public InitAttribute(InitKind kind, double scale) => (Kind, Scale) = (kind, scale);

    /// <param name="kind">What the weights start from.</param>
    /// <param name="scale">The number as an expression over constructor parameters and constants: <c>"1 / sqrt(dim)"</c>.</param>
    public InitAttribute(InitKind kind, string scale) => (Kind, Scale) = (kind, scale);

    /// <summary>What the weights start from.</summary>
    public InitKind Kind { get; }

    /// <summary>The standard deviation, bound, gain or number, a <see cref="double"/> or an expression; null if nothing is said.</summary>
    public object? Scale { get; }

    /// <summary>Which connections count, of the Kaiming kinds. Those that come in if nothing is said.</summary>
    public FanMode Mode { get; set; }

    /// <summary>
    /// The scale for the last weight of each block, which a residual adds, a <see cref="double"/> or an expression: <c>"0.02 / sqrt(2 * layers)"</c> as in
    /// GPT-2 (Radford et al. 2019). That of the other weights if nothing is said.
    /// </summary>
    public object? Last { get; set; }
}
