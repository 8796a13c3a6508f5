using static TorchSharp.torch;

namespace SourceNet.Gallery.Twins;

/// <summary>A function as a module, for a place in a Sequential.</summary>
internal sealed class Feature(Func<Tensor, Tensor> function) : nn.Module<Tensor, Tensor>(nameof(Feature))
{
    public override Tensor forward(Tensor input) => function(input);
}
