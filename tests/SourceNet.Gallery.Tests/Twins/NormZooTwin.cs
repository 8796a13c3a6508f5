using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

internal sealed class NormZooTwin : Module<Tensor, Tensor>
{
    private readonly Sequential batch_normed = Sequential(
        ("conv", Conv2d(4, 8, 3, padding: 1, bias: false)),
        ("norm", BatchNorm2d(8, eps: 1e-3, momentum: 0.2)));
    private readonly Sequential plain_batch_normed = Sequential(("conv", Conv2d(8, 8, 1, bias: false)), ("norm", BatchNorm2d(8, affine: false)));
    private readonly Sequential instance_normed = Sequential(("conv", Conv2d(8, 8, 1)), ("norm", InstanceNorm2d(8)));
    private readonly Sequential scaled_instance_normed = Sequential(("conv", Conv2d(8, 8, 1, bias: false)), ("norm", InstanceNorm2d(8, affine: true)));
    private readonly Sequential group_normed = Sequential(("conv", Conv2d(8, 8, 1)), ("norm", GroupNorm(4, 8)));
    private readonly Sequential plain_group_normed = Sequential(("norm", GroupNorm(2, 8, eps: 0.01, affine: false)));
    private readonly Sequential layer_normed = Sequential(("conv", Conv2d(8, 4, 3, stride: 2)), ("norm", LayerNorm([4, 3, 3])));
    private readonly Sequential root_mean_square_normed = Sequential(("conv", Conv2d(4, 4, 1)), ("norm", new RootMeanSquareNorm([4, 3, 3], eps: 1e-6)));
    private readonly Sequential feature_batch_normed = Sequential(("linear", Linear(36, 12, hasBias: false)), ("norm", BatchNorm1d(12)));
    private readonly Sequential feature_group_normed = Sequential(
        ("linear", Linear(12, 12)), ("unsqueeze", new Feature(x => x.unsqueeze(-1))), ("norm", GroupNorm(3, 12)), ("squeeze", new Feature(x => x.squeeze(-1))));
    private readonly Sequential plain_layer_normed = Sequential(("linear", Linear(12, 12)), ("norm", LayerNorm(12, elementwise_affine: false)));
    private readonly Sequential logits = Sequential(("linear", Linear(12, 6)), ("norm", new RootMeanSquareNorm([6], affine: false)), ("head", Linear(6, 4)));

    public NormZooTwin() : base(nameof(NormZooTwin)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var x = instance_normed.call(plain_batch_normed.call(batch_normed.call(input)));
        x = plain_group_normed.call(group_normed.call(scaled_instance_normed.call(x)));
        x = root_mean_square_normed.call(layer_normed.call(x)).flatten(1);
        return logits.call(plain_layer_normed.call(feature_group_normed.call(feature_batch_normed.call(x))));
    }
}
