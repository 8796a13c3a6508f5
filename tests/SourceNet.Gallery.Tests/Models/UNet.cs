using static SourceNet.ActivationKind;
using static SourceNet.NormKind;
using static SourceNet.ObjectiveKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>Blocks composed by a hand-written forward, with a skip connection that concatenates; the shapes follow from the input.</summary>
[Model, Input(1, 16, 16), Objective(BinaryCrossEntropy)]
public sealed partial class UNet(int width = 4)
{
    [Conv2d(nameof(width), Kernel = 3, Padding = 1), Norm(Group, Groups = 2), Activation(SiLU)]
    [Conv2d(nameof(width), Kernel = 3, Padding = 1), Norm(Group, Groups = 2), Activation(SiLU)]
    private partial Tensor Encode(Tensor image);

    [MaxPool2d(2), Conv2d("2 * width", Kernel = 3, Padding = "same"), Norm(Batch), Activation(SiLU)]
    private partial Tensor Bottom(Tensor fine);

    [ConvTranspose2d(nameof(width), Kernel = 2, Stride = 2)]
    private partial Tensor Up(Tensor coarse);

    [Conv2d(nameof(width), Kernel = 3, Padding = 1), Activation(SiLU)]
    private partial Tensor Decode(Tensor joined);

    [Conv2d(1, Kernel = 1), Output]
    private partial Tensor Mask(Tensor x);

    public override Tensor forward(Tensor input)
    {
        using var fine = Encode(input);
        using var coarse = Bottom(fine);
        using var raised = Up(coarse);
        using var joined = cat([raised, fine], 1);
        using var decoded = Decode(joined);
        return Mask(decoded);
    }
}
