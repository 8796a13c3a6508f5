using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

internal sealed class VolumeNetTwin : Module<Tensor, Tensor>
{
    private readonly Sequential first = Sequential(
        ("conv", Conv3d(1, 4, 3, padding: 1, bias: false)), ("norm", BatchNorm3d(4)), ("activation", ReLU()), ("dropout", Dropout3d(0.2)));
    private readonly Sequential second = Sequential(
        ("pool", MaxPool3d((2, 1, 2))), ("conv", Conv3d(4, 4, (1, 3, 3), stride: (1, 2, 1), padding: (0, 1, 1), bias: false)),
        ("norm", InstanceNorm3d(4, affine: true)), ("activation", ReLU()));
    private readonly Sequential third = Sequential(
        ("conv_transpose", ConvTranspose3d(4, 2, 2, stride: 2)), ("pool", AvgPool3d((2, 2, 2), stride: (2, 2, 1))), ("activation", ReLU()));
    private readonly Sequential logits = Sequential(("linear", Linear(2, 3)));

    public VolumeNetTwin() : base(nameof(VolumeNetTwin)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var x = third.call(second.call(first.call(input)));
        return logits.call(functional.max_pool3d(x, [2, 2, 2], strides: [1, 1, 1], dilation: [1, 2, 1]).mean([2, 3, 4]));
    }
}
