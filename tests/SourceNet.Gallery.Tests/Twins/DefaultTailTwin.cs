using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

internal sealed class DefaultTailTwin : Module<Tensor, Tensor>
{
    private readonly Sequential usual = Sequential(
        ("linear", Linear(6, 10)), ("norm", new RootMeanSquareNorm([10])), ("activation", SiLU()), ("dropout", Dropout(0.3)));
    private readonly Sequential own_activation = Sequential(
        ("linear", Linear(10, 10, hasBias: false)), ("norm", new RootMeanSquareNorm([10])), ("activation", ReLU()), ("dropout", Dropout(0.3)));
    private readonly Sequential own_norm = Sequential(("norm", LayerNorm(10)), ("linear", Linear(10, 8)), ("activation", SiLU()));
    private readonly Sequential bare = Sequential(("linear", Linear(8, 8)));
    private readonly Sequential logits = Sequential(("linear", Linear(8, 3)));

    public DefaultTailTwin() : base(nameof(DefaultTailTwin)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var x = usual.call(input);
        x = x + own_activation.call(x);
        return logits.call(bare.call(own_norm.call(x)).mean([1]));
    }
}
