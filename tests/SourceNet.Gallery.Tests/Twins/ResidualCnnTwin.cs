using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

internal sealed class ResidualCnnTwin : Module<Tensor, Tensor>
{
    private readonly Sequential stem = Sequential(("conv", Conv2d(3, 8, 3, padding: 1, bias: false)), ("norm", BatchNorm2d(8)), ("activation", ReLU()));
    private readonly Sequential body1 = Sequential(
        ("conv1", Conv2d(8, 8, 3, padding: 1, bias: false)), ("norm1", BatchNorm2d(8)), ("activation", ReLU()),
        ("conv2", Conv2d(8, 8, 3, padding: 1, bias: false)), ("norm2", BatchNorm2d(8)), ("drop_path", new StochasticDepth(0.25)));
    private readonly Sequential down = Sequential(("activation", ReLU()), ("conv", Conv2d(8, 16, 3, stride: 2, padding: 1)));
    private readonly Sequential body2 = Sequential(
        ("norm", BatchNorm2d(16)), ("activation", ReLU()), ("conv", Conv2d(16, 16, 3, padding: 1)), ("drop_path", new StochasticDepth(0.125)));
    private readonly Sequential logits = Sequential(
        ("norm", BatchNorm2d(16)), ("activation", ReLU()), ("pool", AdaptiveAvgPool2d(1)), ("flatten", Flatten()), ("linear", Linear(16, 10)));

    public ResidualCnnTwin() : base(nameof(ResidualCnnTwin)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var x = stem.call(input);
        x = down.call(x + body1.call(x));
        return logits.call(x + body2.call(x));
    }
}
