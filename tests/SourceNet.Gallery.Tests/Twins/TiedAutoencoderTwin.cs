using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

internal sealed class TiedAutoencoderTwin : Module<Tensor, Tensor>
{
    private readonly Linear encode = Linear(6, 6);
    private readonly Parameter again_bias = new(zeros(6));

    public TiedAutoencoderTwin() : base(nameof(TiedAutoencoderTwin)) => RegisterComponents();

    /// <summary>The name that a parameter of the declared model has here.</summary>
    public static string NameOf(string name) => name.Replace("encode.linear.", "encode.").Replace("again.linear.bias", "again_bias");

    public override Tensor forward(Tensor input)
    {
        var code = 2 * encode.call(input).tanh();
        return functional.linear(functional.linear(code, encode.weight, again_bias).tanh(), encode.weight);
    }
}
