using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

internal sealed class HandWrittenTwin : Module<Tensor, Tensor>
{
    private readonly Linear gate = Linear(8, 8);
    private readonly ModuleList<Module<Tensor, Tensor>> branches = ModuleList<Module<Tensor, Tensor>>(Linear(8, 8), Tanh());
    private readonly ModuleList<Linear> layers = ModuleList(Linear(8, 8), Linear(8, 8, hasBias: false));
    private readonly Parameter scale = new(ones(8));
    private readonly LayerNorm final = LayerNorm(8);
    private readonly Sequential mix = Sequential(("linear", Linear(8, 8)), ("activation", ReLU()));
    private readonly Sequential logits = Sequential(("linear", Linear(8, 3)));

    public HandWrittenTwin() : base(nameof(HandWrittenTwin)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var x = gate.call(input).sigmoid() * mix.call(input) * scale;
        x = branches[1].call(branches[0].call(x));
        x = x + layers[0].call(x);
        x = x + layers[1].call(x);
        return logits.call(final.call(x));
    }
}
