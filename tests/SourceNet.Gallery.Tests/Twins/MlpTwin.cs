using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

internal sealed class MlpTwin : Module<Tensor, Tensor>
{
    private readonly Sequential hidden = Sequential(("linear", Linear(20, 32)), ("activation", ReLU()));
    private readonly Sequential logits = Sequential(("linear", Linear(32, 5)));

    public MlpTwin() : base(nameof(MlpTwin)) => RegisterComponents();

    public override Tensor forward(Tensor input) => logits.call(hidden.call(input));
}
