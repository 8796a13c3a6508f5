using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

internal sealed class TransformerBlockTwin : Module<Tensor, Tensor>
{
    private readonly Sequential attend;
    private readonly Sequential feed_forward;

    public TransformerBlockTwin(long dim, long heads, double dropout) : base(nameof(TransformerBlockTwin))
    {
        attend = Sequential(
            ("norm", new RootMeanSquareNorm([dim])),
            ("attention", new SelfAttention(dim, heads, causal: true, rotary: true, bias: false)),
            ("dropout", Dropout(dropout)));
        feed_forward = Sequential(("norm", new RootMeanSquareNorm([dim])), ("swi_glu", new Gated(dim, 4 * dim)), ("dropout", Dropout(dropout)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var attended = input + attend.call(input);
        return attended + feed_forward.call(attended);
    }
}
