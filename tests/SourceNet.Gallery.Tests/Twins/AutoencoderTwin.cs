using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

internal sealed class AutoencoderTwin : Module<Tensor, Tensor>
{
    private readonly Sequential shrink = Sequential(("conv", Conv2d(1, 4, 3, stride: 2, padding: 1)), ("activation", SiLU()));
    private readonly Sequential encode = Sequential(("flatten", Flatten()), ("linear", Linear(64, 6)), ("softmax", Softmax(-1)));
    private readonly Sequential decode = Sequential(("linear", Linear(6, 64)), ("activation", SiLU()), ("reshape", Unflatten(1, [4, 4, 4])));
    private readonly Sequential grow = Sequential(
        ("softmax", LogSoftmax(1)),
        ("conv_transpose", ConvTranspose2d(4, 1, 4, stride: 2, padding: 1)),
        ("activation", Sigmoid()));

    public AutoencoderTwin() : base(nameof(AutoencoderTwin)) => RegisterComponents();

    public override Tensor forward(Tensor input) => grow.call(decode.call(encode.call(shrink.call(input))));
}
