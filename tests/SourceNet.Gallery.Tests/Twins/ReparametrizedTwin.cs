using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Gallery.Twins;

/// <summary>Weights that are computed in the forward pass, written out. Spectral norm in eval mode only: its singular vectors stay as they are.</summary>
internal sealed class ReparametrizedTwin : nn.Module<Tensor, Tensor>
{
    private readonly Conv1d signal = nn.Conv1d(4, 6, 3, padding: 1);
    private readonly Parameter signal_magnitude = new(ones(6, 1, 1));
    private readonly Conv2d image = nn.Conv2d(6, 6, (1, 3), padding: (0, 1), groups: 2, bias: false);
    private readonly Tensor image_u = ones(6);
    private readonly Tensor image_v = ones(9);
    private readonly ConvTranspose2d raised = nn.ConvTranspose2d(6, 4, (2, 2), stride: (2, 1), groups: 2);
    private readonly Parameter raised_magnitude = new(ones([2, 1, 2, 1, 1]));
    private readonly ConvTranspose2d spread = nn.ConvTranspose2d(4, 2, 1);
    private readonly Tensor spread_u = ones(2);
    private readonly Tensor spread_v = ones(4);
    private readonly Linear dropped = nn.Linear(40, 10);
    private readonly Linear logits = nn.Linear(10, 4);
    private readonly Parameter logits_magnitude = new(ones(4, 1));

    public ReparametrizedTwin() : base(nameof(ReparametrizedTwin)) => RegisterComponents();

    /// <summary>The name that a parameter of the declared model has here.</summary>
    public static string NameOf(string name) => name
        .Replace(".conv_weight_norm.", "_").Replace(".conv_transpose_weight_norm.", "_").Replace(".linear_weight_norm.", "_")
        .Replace(".conv_spectral_norm.", "_").Replace(".conv_transpose_spectral_norm.", "_")
        .Replace(".conv.", ".").Replace(".conv_transpose.", ".").Replace(".linear.", ".");

    public override Tensor forward(Tensor input)
    {
        var signalWeight = signal_magnitude * signal.weight / signal.weight.square().sum([1, 2], keepdim: true).sqrt();
        var x = nn.functional.conv1d(input, signalWeight, signal.bias, padding: 1).tanh().view(-1, 6, 2, 4);

        var imageWeight = image.weight / image_u.dot(image.weight.view(6, 9).mv(image_v));
        x = nn.functional.conv2d(x, imageWeight, padding: [0, 1], groups: 2).tanh();

        // [in, out / groups, 2, 2]: the units are on axis 1 of each half.
        var halves = raised.weight.view(2, 3, 2, 2, 2);
        var raisedWeight = (raised_magnitude * halves / halves.square().sum([1, 3, 4], keepdim: true).sqrt()).view(6, 2, 2, 2);
        x = nn.functional.conv_transpose2d(x, raisedWeight, raised.bias, strides: [2, 1], groups: 2).tanh();

        var spreadWeight = spread.weight / spread_u.dot(spread.weight.view(4, 2).t().mv(spread_v));
        x = nn.functional.conv_transpose2d(x, spreadWeight, spread.bias).tanh();

        x = dropped.call(x.flatten(1)).tanh();
        var logitsWeight = logits_magnitude * logits.weight / logits.weight.square().sum([1], keepdim: true).sqrt();
        return x.matmul(logitsWeight.t()) + logits.bias!;
    }
}
