using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

internal sealed class SumStackTwin : Module<Tensor, Tensor>
{
    private readonly Sequential before = Sequential(("linear", Linear(6, 6)));
    private readonly ModuleList<Block> blocks;
    private readonly Sequential logits = Sequential(("norm", new RootMeanSquareNorm([6])), ("linear", Linear(6, 3)));

    public SumStackTwin(int depth) : base(nameof(SumStackTwin))
    {
        blocks = ModuleList([.. Enumerable.Range(0, depth).Select(_ => new Block())]);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = blocks.Aggregate(input + before.call(input), (x, block) => block.call(x));
        return logits[1].call(logits[0].call(x).mean([1]));
    }

    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly Sequential mix = Sequential(("norm", LayerNorm(6)), ("linear", Linear(6, 6)));
        private readonly Sequential feed = Sequential(("norm", new RootMeanSquareNorm([6])), ("linear", Linear(6, 6)), ("dropout", Dropout(0.2)));

        public Block() : base(nameof(Block)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var mixed = input + mix[1].call(functional.silu(mix[0].call(input)));
            return mixed + feed.call(mixed);
        }
    }
}
