using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

internal sealed class FlatNamesTwin : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1 = Conv2d(1, 4, 3);
    private readonly Conv2d conv = Conv2d(4, 4, 3);
    private readonly Sequential encoder = Sequential(("top", Sequential(("fc1", Linear(64, 8)), ("relu", ReLU()), ("fc2", Linear(8, 8)))));
    private readonly Sequential fc = Sequential(("out", Linear(8, 3)));

    public FlatNamesTwin() : base(nameof(FlatNamesTwin)) => RegisterComponents();

    public override Tensor forward(Tensor input) => fc.call(encoder.call(conv.call(conv1.call(input).relu()).relu().flatten(1)));
}
