using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

/// <summary>Nothing of the regularization of weights is in the forward pass.</summary>
internal sealed class RegularizerZooTwin : Module<Tensor, Tensor>
{
    private readonly Sequential sparse = Hidden();
    private readonly Sequential elastic = Hidden();
    private readonly Sequential ridge = Hidden();
    private readonly Sequential bounded = Hidden();
    private readonly Sequential on_sphere = Hidden();
    private readonly Sequential positive = Hidden();
    private readonly Sequential rotated = Hidden(8);
    private readonly Sequential on_sphere_transposed = Sequential(("conv_transpose", ConvTranspose2d(2, 4, 2)));
    private readonly Sequential on_sphere_grouped = Sequential(("conv_transpose", ConvTranspose2d(4, 6, 2, groups: 2)));
    private readonly Sequential logits = Sequential(("linear", Linear(96, 4)));

    public RegularizerZooTwin() : base(nameof(RegularizerZooTwin)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var x = bounded.call(ridge.call(elastic.call(sparse.call(input))));
        x = rotated.call(positive.call(on_sphere.call(x)));
        return logits.call(on_sphere_grouped.call(on_sphere_transposed.call(x.view(-1, 2, 2, 2))).flatten(1));
    }

    private static Sequential Hidden(long size = 12) => Sequential(("linear", Linear(12, size)), ("activation", Tanh()));
}
