using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

internal sealed class SymbolicMlpTwin : Module<Tensor, Tensor>
{
    private readonly Sequential wide = Sequential(("linear", Linear(7, 28)), ("activation", Tanh()), ("dropout", Dropout(0.1875)));
    private readonly Sequential narrow = Sequential(
        ("linear", Linear(28, 11)),
        ("activation", GELU(TorchSharp.Modules.GELU.Approximate.tanh)),
        ("dropout", Dropout(0.15)));
    private readonly Sequential bottleneck = Sequential(("linear", Linear(11, 6)), ("activation", LeakyReLU(0.2)));
    private readonly Sequential logits = Sequential(("linear", Linear(6, 5)));

    public SymbolicMlpTwin() : base(nameof(SymbolicMlpTwin)) => RegisterComponents();

    public override Tensor forward(Tensor input) => logits.call(bottleneck.call(narrow.call(wide.call(input))));
}
