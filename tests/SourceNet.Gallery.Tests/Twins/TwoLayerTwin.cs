using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

/// <summary>Linear, tanh, linear.</summary>
internal sealed class TwoLayerTwin : Module<Tensor, Tensor>
{
    private readonly Sequential hidden;
    private readonly Sequential logits;

    public TwoLayerTwin(long from, long width, long to) : base(nameof(TwoLayerTwin))
    {
        hidden = Sequential(("linear", Linear(from, width)), ("activation", Tanh()));
        logits = Sequential(("linear", Linear(width, to)));
        RegisterComponents();
    }

    /// <summary>The name here of what a declaration with one block calls it.</summary>
    public static string NameOf(string name) => name
        .Replace("values.linear1.", "hidden.linear.").Replace("logits.linear1.", "hidden.linear.")
        .Replace("values.linear2.", "logits.linear.").Replace("logits.linear2.", "logits.linear.");

    public override Tensor forward(Tensor input) => logits.call(hidden.call(input));
}
