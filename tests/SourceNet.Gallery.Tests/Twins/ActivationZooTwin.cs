using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

internal sealed class ActivationZooTwin : Module<Tensor, Tensor>
{
    private readonly Sequential block04 = Sequential(("linear", Linear(8, 8)), ("activation", PReLU(1, 0.4)));
    private readonly Sequential block25 = Sequential(("linear", Linear(8, 8)));
    private readonly Sequential logits = Sequential(("linear", Linear(4, 4)));
    private readonly List<Module<Tensor, Tensor>> blocks;

    public ActivationZooTwin() : base(nameof(ActivationZooTwin))
    {
        RegisterComponents();
        blocks =
        [
            Block("block01", ReLU()), Block("block02", ReLU6()), Block("block03", LeakyReLU(0.3)), block04, Block("block05", new RandomizedReLU(0.1, 0.5)),
            Block("block06", ELU(1.3)), Block("block07", CELU(0.8)), Block("block08", SELU()), Block("block09", GELU()),
            Block("block10", GELU(TorchSharp.Modules.GELU.Approximate.tanh)), Block("block11", SiLU()), Block("block12", Mish()), Block("block13", Sigmoid()),
            Block("block14", LogSigmoid()), Block("block15", Hardsigmoid()), Block("block16", Hardswish()),
            Block("block17", new Feature(x => x.clamp(-0.5, 2))),
            Block("block18", Tanh()), Block("block19", Tanhshrink()), Block("block20", Softplus(2, 5)), Block("block21", Softsign()),
            Block("block22", Softshrink(0.05)), Block("block23", Hardshrink(0.02)), Block("block24", Threshold(-0.1, -0.2)),
        ];
    }

    public override Tensor forward(Tensor input) => logits.call(functional.glu(block25.call(blocks.Aggregate(input, (x, block) => x + block.call(x)))));

    private Sequential Block(string name, Module<Tensor, Tensor> activation)
    {
        var block = Sequential(("linear", Linear(8, 8)), ("activation", activation));
        register_module(name, block);
        return block;
    }
}
