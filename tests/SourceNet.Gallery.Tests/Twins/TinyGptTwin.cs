using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

internal sealed class TinyGptTwin : Module<Tensor, Tensor>
{
    private readonly Sequential embed;
    private readonly ModuleList<TransformerBlockTwin> blocks;
    private readonly Sequential logits;
    private readonly Embedding table;

    public TinyGptTwin(long vocabulary, long dim, long heads, int layers, double dropout) : base(nameof(TinyGptTwin))
    {
        var embedding = Embedding(vocabulary, dim);
        embed = Sequential(("embedding", embedding));
        blocks = ModuleList([.. Enumerable.Range(0, layers).Select(index => new TransformerBlockTwin(dim, heads, dropout * (index + 1) / layers))]);
        logits = Sequential(("norm", new RootMeanSquareNorm([dim])));
        RegisterComponents();
        table = embedding;
    }

    public override Tensor forward(Tensor input)
    {
        var x = blocks.Aggregate(embed.call(input), (x, block) => block.call(x));
        return logits.call(x).matmul(table.weight!.t());
    }
}
