using SourceNet;
using static SourceNet.NormKind;
using static TorchSharp.torch;

namespace TinyGpt;

/// <summary>A block of a transformer with RMSNorm, <c>[T, dim]</c>.</summary>
[Model, Input("T", "dim")]
internal sealed partial class RmsNormBlock(int dim, int heads, double dropout)
{
    [Residual, Norm(RMS), Attention(nameof(heads), Causal = true, Rotary = true, Bias = false), Dropout(nameof(dropout))]
    private partial Tensor Attend(Tensor x);

    [Residual, Norm(RMS), SwiGlu("2 * dim"), Dropout(nameof(dropout))]
    private partial Tensor FeedForward(Tensor x);
}

/// <summary>
/// A language model over characters as Llama is built: RMSNorm before each part, rotary positions, SwiGLU, tied embeddings. Tokens <c>[T]</c> to the logits
/// of the next ones.
/// </summary>
[Model, Input("T", DType = ScalarType.Int64), WeightDecay(0.1), GradientClip(1)]
internal sealed partial class RmsNormGpt(int vocabulary, int dim = 128, int heads = 4, int layers = 4, double dropout = 0.1)
{
    [Embedding(nameof(vocabulary), nameof(dim))]
    private partial Tensor Embed(Tensor tokens);

    [Stack<RmsNormBlock>("dim, heads, dropout", Repeat = nameof(layers))]
    private partial Tensor Blocks(Tensor x);

    [Norm(RMS), Linear(nameof(vocabulary), Bias = false, TiedTo = nameof(Embed)), Output]
    private partial Tensor Logits(Tensor x);
}
