using static SourceNet.NormKind;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.Models;

/// <summary>The blocks of <see cref="GptBlock"/>, each called for its tensor, so that no sum is computed together with what follows it.</summary>
[Model, Input("T", "dim")]
internal sealed partial class ApartGptBlock(int dim, int heads)
{
    [Residual, Norm(RMS), Attention(nameof(heads), Causal = true, Bias = false), Dropout(0.1)]
    private partial Tensor Attend(Tensor x);

    [Residual, Norm(RMS), SwiGlu("2 * dim"), Dropout(0.1)]
    private partial Tensor FeedForward(Tensor x);

    public override Tensor forward(Tensor input)
    {
        using var attended = Attend(input);
        return FeedForward(attended);
    }
}

/// <summary><see cref="Gpt"/> of such blocks.</summary>
[Model, Input("T", DType = ScalarType.Int64)]
[WeightDecay(0.1), GradientClip(1)]
internal sealed partial class ApartGpt(int vocabulary = 256, int dim = 256, int heads = 8, int layers = 4, int context = 128)
{
    [Embedding(nameof(vocabulary), nameof(dim)), PositionEmbedding(nameof(context))]
    private partial Tensor Embed(Tensor tokens);

    [Stack<ApartGptBlock>("dim, heads", Repeat = nameof(layers))]
    private partial Tensor Blocks(Tensor x);

    [Norm(RMS), Linear(nameof(vocabulary), Bias = false), Output]
    private partial Tensor Logits(Tensor x);
}
