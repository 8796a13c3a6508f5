using static SourceNet.NormKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>Every norm on images, then on features.</summary>
[Model, Input(4, 8, 8)]
public sealed partial class NormZoo
{
    [Conv2d(8, Kernel = 3, Padding = 1), Norm(Batch, Eps = 1e-3, Momentum = 0.2)]
    private partial Tensor BatchNormed(Tensor x);

    [Conv2d(8, Kernel = 1), Norm(Batch, Affine = false)]
    private partial Tensor PlainBatchNormed(Tensor x);

    [Conv2d(8, Kernel = 1, Bias = true), Norm(Instance)]
    private partial Tensor InstanceNormed(Tensor x);

    [Conv2d(8, Kernel = 1), Norm(Instance, Affine = true)]
    private partial Tensor ScaledInstanceNormed(Tensor x);

    [Conv2d(8, Kernel = 1), Norm(Group, Groups = 4)]
    private partial Tensor GroupNormed(Tensor x);

    [Norm(Group, Groups = 2, Affine = false, Eps = 0.01)]
    private partial Tensor PlainGroupNormed(Tensor x);

    [Conv2d(4, Kernel = 3, Stride = 2), Norm(Layer)]
    private partial Tensor LayerNormed(Tensor x);

    [Conv2d(4, Kernel = 1), Norm(RMS, Eps = 1e-6)]
    private partial Tensor RootMeanSquareNormed(Tensor x);

    [Flatten, Linear(12), Norm(Batch)]
    private partial Tensor FeatureBatchNormed(Tensor x);

    [Linear(12), Norm(Group, Groups = 3)]
    private partial Tensor FeatureGroupNormed(Tensor x);

    [Linear(12), Norm(Layer, Affine = false)]
    private partial Tensor PlainLayerNormed(Tensor x);

    [Linear(6), Norm(RMS, Affine = false), Linear(4, Name = "head"), Output]
    private partial Tensor Logits(Tensor x);
}
