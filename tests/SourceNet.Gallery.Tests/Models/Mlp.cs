using static SourceNet.ActivationKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

[Model, Input(20)]
public sealed partial class Mlp
{
    [Linear(32), Activation(ReLU)]
    private partial Tensor Hidden(Tensor x);

    [Linear(5), Output]
    private partial Tensor Logits(Tensor x);
}
