using static SourceNet.ActivationKind;
using static SourceNet.NormKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>Three axes: convolutions, pools and norms of volumes.</summary>
[Model, Input(1, 8, 8, 8)]
public sealed partial class VolumeNet(int window = 2)
{
    [Conv3d(4, Kernel = 3, Padding = 1), Norm(Batch), Activation(ReLU), SpatialDropout(0.2)]
    private partial Tensor First(Tensor x);

    [MaxPool3d("2, 1, 2", Padding = 0), Conv3d(4, Kernel = "1, 3, 3", Padding = "0, 1, 1", Stride = "1, 2, 1"), Norm(Instance, Affine = true), Activation(ReLU)]
    private partial Tensor Second(Tensor x);

    [ConvTranspose3d(2, Kernel = nameof(window), Stride = nameof(window)), AveragePool3d(nameof(window), Stride = "2, 2, 1"), Activation(ReLU)]
    private partial Tensor Third(Tensor x);

    [MaxPool3d(2, Stride = 1, Dilation = "1, 2, 1"), GlobalAveragePool, Linear(3), Output]
    private partial Tensor Logits(Tensor x);
}
