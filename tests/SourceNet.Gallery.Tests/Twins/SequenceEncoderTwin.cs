using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

internal sealed class EncoderLayerTwin : Module<Tensor, Tensor>
{
    private readonly Sequential attend;
    private readonly Sequential transform;

    public EncoderLayerTwin(long dim, long heads, double depth) : base(nameof(EncoderLayerTwin))
    {
        attend = Sequential(
            ("norm", LayerNorm(dim)),
            ("attention", new SelfAttention(dim, heads, keyValueHeads: 2)),
            ("drop_path", new StochasticDepth(depth)));
        var feedForward = Sequential(("up", Linear(dim, 2 * dim)), ("activation", ReLU()), ("dropout", Dropout(0.1)), ("down", Linear(2 * dim, dim)));
        transform = Sequential(("norm", LayerNorm(dim)), ("feed_forward", feedForward), ("drop_path", new StochasticDepth(depth)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = input + attend.call(input);
        return x + transform.call(x);
    }
}

internal sealed class SequenceEncoderTwin : Module<Tensor, Tensor>
{
    private readonly Embedding embedding;
    private readonly Parameter positions;
    private readonly ModuleList<EncoderLayerTwin> layers;
    private readonly Sequential values;

    public SequenceEncoderTwin(long vocabulary, long dim, int count, double depth) : base(nameof(SequenceEncoderTwin))
    {
        embedding = Embedding(vocabulary, dim, padding_idx: 0);
        positions = new Parameter(randn(12, dim) * 0.02);
        layers = ModuleList([.. Enumerable.Range(0, count).Select(index => new EncoderLayerTwin(dim, 4, depth * index / (count - 1)))]);
        values = Sequential(("norm", LayerNorm(dim)), ("linear", Linear(dim, 2)));
        RegisterComponents();
    }

    /// <summary>The name that a parameter of the declared model has here.</summary>
    public static string NameOf(string name) => name.Replace("embed.embedding.", "embedding.").Replace("embed.position_embedding.weight", "positions");

    public override Tensor forward(Tensor input)
    {
        var x = embedding.call(input) + positions.slice(0, 0, input.size(1), 1);
        x = values[0].call(layers.Aggregate(x, (x, layer) => layer.call(x)));
        return values[1].call(x.mean([1]));
    }
}
