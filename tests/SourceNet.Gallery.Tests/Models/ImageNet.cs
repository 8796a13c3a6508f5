using static SourceNet.ActivationKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>Two axes: windows of all forms.</summary>
[Model, Input(4, 17, 23)]
public sealed partial class ImageNet(int channels = 8, int groups = 2)
{
    [Conv2d(nameof(channels), Kernel = "3, 5", Stride = "1, 2", Padding = "1, 2"), Activation(ReLU)]
    private partial Tensor Oblong(Tensor x);

    [Conv2d(nameof(channels), Kernel = new[] { 3, 1 }, Padding = "same", Dilation = new[] { 2, 1 }, Groups = nameof(groups)), Activation(ReLU)]
    private partial Tensor Grouped(Tensor x);

    [MaxPool2d("3, 2", Stride = "2, 1", Padding = "1, 0")]
    private partial Tensor Pooled(Tensor x);

    [AveragePool2d("2, 3", Padding = "1, 1", CountIncludePad = false, CeilMode = true)]
    private partial Tensor Averaged(Tensor x);

    [ConvTranspose2d(6, Kernel = "3, 2", Stride = "2, 2", Padding = "1, 0", OutputPadding = "1, 0", Groups = 2), Activation(ReLU)]
    private partial Tensor Raised(Tensor x);

    [MaxPool2d(2, Dilation = 2, Stride = 1), AveragePool2d(2), AveragePool2d(2, Stride = 1)]
    private partial Tensor Mixed(Tensor x);

    [Flatten, Linear(3), Output]
    private partial Tensor Logits(Tensor x);
}
