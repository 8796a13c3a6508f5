using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

/// <summary>Noise is for training: in eval mode nothing of it is left.</summary>
internal sealed class NoiseZooTwin : Module<Tensor, Tensor>
{
    private readonly Sequential first = Sequential(("conv", Conv2d(3, 6, 3, padding: 1)), ("activation", ReLU()));
    private readonly Sequential second = Sequential(("conv", Conv2d(6, 6, 3, padding: 1)), ("activation", ReLU()));
    private readonly Sequential third = Sequential(("conv", Conv2d(6, 6, 1)), ("activation", ReLU()));
    private readonly Sequential fourth = Sequential(("linear", Linear(6, 16)), ("activation", SELU()));
    private readonly Sequential fifth = Sequential(("linear", Linear(16, 16)));
    private readonly Sequential logits = Sequential(("linear", Linear(16, 4)));

    public NoiseZooTwin() : base(nameof(NoiseZooTwin)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var x = second.call(first.call(input));
        x = x + third.call(x);
        return logits.call(fifth.call(fourth.call(x.mean([2, 3]))));
    }
}
