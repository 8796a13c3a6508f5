using static SourceNet.NormKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

[Model, Input("T", "dim")]
public sealed partial class TransformerBlock(int dim, int heads, double dropout = 0.1)
{
    [Residual, Norm(RMS), Attention(nameof(heads), Causal = true, Rotary = true, Bias = false), Dropout(nameof(dropout))]
    private partial Tensor Attend(Tensor x);

    [Residual, Norm(RMS), SwiGlu("4 * dim"), Dropout(nameof(dropout))]
    private partial Tensor FeedForward(Tensor x);
}

[Model, Input("T", DType = ScalarType.Int64)]
[WeightDecay(0.1), GradientClip(1), L2("dropout / 100")]
public sealed partial class TinyGpt(int vocabulary, int dim = 64, int heads = 4, int layers = 2, double dropout = 0.1)
{
    [Embedding(nameof(vocabulary), nameof(dim))]
    private partial Tensor Embed(Tensor tokens);

    [Stack<TransformerBlock>("dim, heads, dropout * (index + 1) / layers", Repeat = nameof(layers))]
    private partial Tensor Blocks(Tensor x);

    [Norm(RMS), Linear(nameof(vocabulary), Bias = false, TiedTo = nameof(Embed)), Output]
    private partial Tensor Logits(Tensor x);
}
