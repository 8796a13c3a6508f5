using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

internal sealed class SimpleCnnTwin : Module<Tensor, Tensor>
{
    private readonly Sequential block1 = Block(3, 64, MaxPool2d(2));
    private readonly Sequential block2 = Block(64, 128, MaxPool2d(2));
    private readonly Sequential block3 = Block(128, 256, AdaptiveAvgPool2d(1));
    private readonly Sequential hidden = Sequential(("dropout", Dropout(0.3)), ("linear", Linear(256, 128)), ("activation", ReLU()));
    private readonly Sequential logits = Sequential(("dropout", Dropout(0.3)), ("linear", Linear(128, 10)));

    public SimpleCnnTwin() : base(nameof(SimpleCnnTwin)) => RegisterComponents();

    public override Tensor forward(Tensor input) => logits.call(hidden.call(block3.call(block2.call(block1.call(input))).flatten(1)));

    private static Sequential Block(long from, long to, Module<Tensor, Tensor> pool) => Sequential(
        ("conv", Conv2d(from, to, 3, padding: 1, bias: false)), ("norm", BatchNorm2d(to)), ("activation", ReLU()), ("pool", pool));
}
