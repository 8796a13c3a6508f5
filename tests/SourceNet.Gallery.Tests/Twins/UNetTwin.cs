using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

internal sealed class UNetTwin : Module<Tensor, Tensor>
{
    private readonly Sequential encode = Sequential(
        ("conv1", Conv2d(1, 4, 3, padding: 1)), ("norm1", GroupNorm(2, 4)), ("activation1", SiLU()),
        ("conv2", Conv2d(4, 4, 3, padding: 1)), ("norm2", GroupNorm(2, 4)), ("activation2", SiLU()));
    private readonly Sequential bottom = Sequential(
        ("pool", MaxPool2d(2)), ("conv", Conv2d(4, 8, 3, padding: 1, bias: false)), ("norm", BatchNorm2d(8)), ("activation", SiLU()));
    private readonly Sequential up = Sequential(("conv_transpose", ConvTranspose2d(8, 4, 2, stride: 2)));
    private readonly Sequential decode = Sequential(("conv", Conv2d(8, 4, 3, padding: 1)), ("activation", SiLU()));
    private readonly Sequential mask = Sequential(("conv", Conv2d(4, 1, 1)));

    public UNetTwin() : base(nameof(UNetTwin)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var fine = encode.call(input);
        return mask.call(decode.call(cat([up.call(bottom.call(fine)), fine], 1)));
    }
}
