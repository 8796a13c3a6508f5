using static SourceNet.ActivationKind;
using static SourceNet.NormKind;
using static SourceNet.ObjectiveKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

[Model, Input("T", "dim")]
public sealed partial class EncoderLayer(int dim, int heads, float depth, double dropout = 0.1)
{
    [Residual, Norm(Layer), Attention(nameof(heads), KeyValueHeads = 2, Dropout = nameof(dropout)), DropPath(nameof(depth))]
    private partial Tensor Attend(Tensor x);

    [Residual, Norm(Layer), FeedForward("2 * dim", Activation = ReLU, Dropout = 0.1), DropPath(nameof(depth))]
    private partial Tensor Transform(Tensor x);
}

/// <summary>A transformer with learned positions and grouped queries, whose later layers are skipped more often.</summary>
[Model, Input("T", DType = ScalarType.Int64), Objective(Huber)]
public sealed partial class SequenceEncoder(int vocabulary, long dim = 16, int layers = 3, double depth = 0.2)
{
    [Embedding(nameof(vocabulary), nameof(dim), PaddingIndex = 0), PositionEmbedding(12), Dropout(0.1)]
    private partial Tensor Embed(Tensor tokens);

    [Stack<EncoderLayer>("dim, 4, depth * index / (layers - 1)", Repeat = nameof(layers)), Name("layers")]
    private partial Tensor Encode(Tensor x);

    [Norm(Layer), GlobalAveragePool, Linear(2), Output]
    private partial Tensor Values(Tensor x);
}
