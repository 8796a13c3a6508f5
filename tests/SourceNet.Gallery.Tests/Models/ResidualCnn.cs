using static SourceNet.ActivationKind;
using static SourceNet.NormKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>Layers of a kind several times in a block, blocks that start with a norm, stochastic depth.</summary>
[Model, Input(3, 16, 16)]
[WeightDecay(1e-4)]
public sealed partial class ResidualCnn(double depth = 0.25)
{
    [Conv2d(8, Kernel = 3, Padding = "same"), Norm(Batch), Activation(ReLU)]
    private partial Tensor Stem(Tensor x);

    [Residual]
    [Conv2d(8, Kernel = 3, Padding = 1), Norm(Batch), Activation(ReLU)]
    [Conv2d(8, Kernel = 3, Padding = 1), Norm(Batch), DropPath(nameof(depth))]
    private partial Tensor Body1(Tensor x);

    [Activation(ReLU), Conv2d(16, Kernel = 3, Stride = 2, Padding = 1)]
    private partial Tensor Down(Tensor x);

    [Residual, Norm(Batch), Activation(ReLU), Conv2d(16, Kernel = 3, Padding = 1), DropPath("depth / 2")]
    private partial Tensor Body2(Tensor x);

    [Norm(Batch), Activation(ReLU), GlobalAveragePool, Linear(10), Output]
    private partial Tensor Logits(Tensor x);
}
