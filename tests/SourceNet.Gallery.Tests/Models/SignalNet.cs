using static SourceNet.ActivationKind;
using static SourceNet.NormKind;
using static SourceNet.ObjectiveKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>One axis: convolutions, pools and norms of signals.</summary>
[Model, Input(2, 32), Objective(MeanAbsoluteError)]
public sealed partial class SignalNet(int stride = 2)
{
    [Conv1d(6, Kernel = 5, Padding = 2, Dilation = 1), Norm(Batch), Activation(ELU, Alpha = 0.7), MaxPool1d(3, Stride = nameof(stride), Padding = 1)]
    private partial Tensor First(Tensor x);

    [Conv1d(6, Kernel = 3, Padding = "same", Groups = 3, Dilation = 2), Norm(Instance), Activation(CELU, Alpha = 1.5), SpatialDropout(0.1)]
    private partial Tensor Second(Tensor x);

    [AveragePool1d(4, Stride = 2, Padding = 2, CountIncludePad = false)]
    private partial Tensor Third(Tensor x);

    [ConvTranspose1d(4, Kernel = 3, Stride = nameof(stride), Padding = 1, OutputPadding = 1), Activation(Softsign)]
    private partial Tensor Fourth(Tensor x);

    [MaxPool1d(2, Dilation = 2, CeilMode = true), GlobalAveragePool, Linear(3), Output]
    private partial Tensor Values(Tensor x);
}
