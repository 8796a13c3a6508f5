using static TorchSharp.torch;

namespace SourceNet.Gallery.Twins;

/// <summary>Draws the slope of each element in train mode; TorchSharp's RReLU does not.</summary>
internal sealed class RandomizedReLU(double lower, double upper) : nn.Module<Tensor, Tensor>(nameof(RandomizedReLU))
{
    public override Tensor forward(Tensor input)
    {
        var slope = training ? empty(input.shape, input.dtype).uniform_(lower, upper) : full_like(input, (lower + upper) / 2);
        return where(input > 0, input, input * slope);
    }
}
