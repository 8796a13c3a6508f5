using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Layers;

/// <summary>Adds a learned vector for each position: <c>[..., T, dim] → [..., T, dim]</c> with T at most <c>maxLength</c> (Gehring et al. 2017).</summary>
public sealed class PositionEmbedding : Layer
{
    private readonly long maxLength;
    private readonly long dim;

    /// <param name="maxLength">The number of positions, at least 1.</param>
    /// <param name="dim">The size of a vector, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1.</exception>
    public PositionEmbedding(long maxLength, long dim) : base(nameof(PositionEmbedding))
    {
        this.maxLength = CheckedSize(maxLength);
        this.dim = CheckedSize(dim);
        using var _ = no_grad();
        weight = new Parameter(empty(maxLength, dim).normal_(0, 0.02).DetachFromDisposeScope());
    }

    /// <summary>A vector for each position, <c>[maxLength, dim]</c>; it starts as N(0, 0.02).</summary>
    public Parameter weight
    {
        get => get_parameter(nameof(weight))!;
        private set => Replace(nameof(weight), value);
    }

    /// <param name="input">The vectors of T positions, <c>[..., T, dim]</c>.</param>
    /// <exception cref="ArgumentException">More positions than <c>maxLength</c>, or another <c>dim</c>.</exception>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var rank = (int)input.ndim;
        if (rank < 2 || input.size(rank - 1) != dim)
        {
            throw new ArgumentException($"PositionEmbedding takes [..., T, {dim}], and the input is {Text(input.shape)}.", nameof(input));
        }

        var length = input.size(rank - 2);
        if (length > maxLength)
        {
            throw new ArgumentException($"The input has {length} positions, and PositionEmbedding has vectors for {maxLength}.", nameof(input));
        }

        using var positions = weight.narrow(0, 0, length);
        return input.add(positions, Scalars.One);
    }
}
