using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

internal sealed class SignalNetTwin : Module<Tensor, Tensor>
{
    private readonly Sequential first = Sequential(
        ("conv", Conv1d(2, 6, 5, padding: 2, bias: false)), ("norm", BatchNorm1d(6)), ("activation", ELU(0.7)), ("pool", MaxPool1d(3, stride: 2, padding: 1)));
    private readonly Sequential second = Sequential(
        ("conv", Conv1d(6, 6, 3, padding: 2, dilation: 2, groups: 3, bias: false)), ("norm", InstanceNorm1d(6)), ("activation", CELU(1.5)),
        ("dropout", Dropout1d(0.1)));
    private readonly AvgPool1d third = AvgPool1d(4, stride: 2, padding: 2, count_include_pad: false);
    private readonly Sequential fourth = Sequential(
        ("conv_transpose", ConvTranspose1d(6, 4, 3, stride: 2, padding: 1, output_padding: 1)),
        ("activation", Softsign()));
    private readonly Sequential values = Sequential(("linear", Linear(4, 3)));

    public SignalNetTwin() : base(nameof(SignalNetTwin)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var x = fourth.call(third.call(second.call(first.call(input))));
        return values.call(functional.max_pool1d(x, 2, stride: 2, dilation: 2, ceil_mode: true).mean([2]));
    }
}
