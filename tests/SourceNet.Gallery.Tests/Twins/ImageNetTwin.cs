using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

internal sealed class ImageNetTwin : Module<Tensor, Tensor>
{
    private readonly Sequential oblong = Sequential(("conv", Conv2d(4, 8, (3, 5), stride: (1, 2), padding: (1, 2))), ("activation", ReLU()));
    private readonly Sequential grouped = Sequential(("conv", Conv2d(8, 8, (3, 1), padding: (2, 0), dilation: (2, 1), groups: 2)), ("activation", ReLU()));
    private readonly MaxPool2d pooled = MaxPool2d((3, 2), stride: (2, 1), padding: (1, 0));
    private readonly AvgPool2d averaged = AvgPool2d((2, 3), padding: (1, 1), ceil_mode: true, count_include_pad: false);
    private readonly Sequential raised = Sequential(
        ("conv_transpose", ConvTranspose2d(8, 6, (3, 2), stride: (2, 2), padding: (1, 0), output_padding: (1, 0), groups: 2)), ("activation", ReLU()));
    private readonly Sequential mixed = Sequential(MaxPool2d(2, stride: 1, dilation: 2), AvgPool2d(2), AvgPool2d(2, stride: 1));
    private readonly Sequential logits;

    public ImageNetTwin() : base(nameof(ImageNetTwin))
    {
        using var sample = zeros(1, 4, 17, 23);
        logits = Sequential(("linear", Linear(Features(sample).numel(), 3)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => logits.call(Features(input).flatten(1));

    private Tensor Features(Tensor input) => mixed.call(raised.call(averaged.call(pooled.call(grouped.call(oblong.call(input))))));
}
