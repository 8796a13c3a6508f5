using static TorchSharp.torch;

namespace SourceNet.Gallery.Twins;

/// <summary>Drops whole samples in train mode.</summary>
internal sealed class StochasticDepth(double rate) : nn.Module<Tensor, Tensor>(nameof(StochasticDepth))
{
    public override Tensor forward(Tensor input)
    {
        if (!training || rate == 0)
        {
            return input.alias();
        }

        long[] shape = [input.size(0), .. Enumerable.Repeat(1L, (int)input.ndim - 1)];
        return input * empty(shape, input.dtype).bernoulli_(1 - rate) / (1 - rate);
    }
}
