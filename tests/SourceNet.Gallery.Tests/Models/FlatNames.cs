using static SourceNet.ActivationKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>Names of the state dict as another program wrote them.</summary>
[Model, Input(1, 8, 8)]
public sealed partial class FlatNames
{
    [Name(""), Conv2d(4, Kernel = 3, Name = "conv1"), Activation(ReLU)]
    private partial Tensor First(Tensor x);

    [Name(""), Conv2d(4, Kernel = 3), Activation(ReLU, Name = "relu2")]
    private partial Tensor Second(Tensor x);

    [Name("encoder.top"), Flatten, Linear(8, Name = "fc1"), Activation(ReLU), Linear(8, Name = "fc2")]
    private partial Tensor Third(Tensor x);

    [Name("fc"), Linear(3, Name = "out"), Output]
    private partial Tensor QKVLogits(Tensor x);
}
