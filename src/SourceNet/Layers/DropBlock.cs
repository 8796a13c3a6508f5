using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Layers;

/// <summary>
/// In train mode sets squares of a feature map to 0, <c>[N, C, H, W] → [N, C, H, W]</c>, and scales the rest so that the sum of the mask stays
/// (Ghiasi et al. 2018, <see href="https://arxiv.org/abs/1810.12890"/>). Squares may overlap, so that at most a share p is dropped on average.
/// </summary>
/// <remarks>
/// A square starts at each of the (H − b + 1)(W − b + 1) places where it fits with probability <c>γ = p · H · W / (b² (H − b + 1)(W − b + 1))</c>.
/// </remarks>
public sealed class DropBlock : Layer, IStochasticLayer
{
    /// <param name="rate">The share p of cells to drop, in [0, 1).</param>
    /// <param name="blockSize">The side b of a square in cells, at least 1 and at most the side of the feature map.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate outside [0, 1) or a block size below 1.</exception>
    public DropBlock(double rate, int blockSize = 7) : base(nameof(DropBlock))
    {
        Rate = CheckedRate(rate);
        BlockSize = (int)CheckedSize(blockSize);
    }

    /// <summary>The share of cells to drop, in [0, 1).</summary>
    public double Rate { get; }

    /// <summary>The side of a square in cells.</summary>
    public int BlockSize { get; }

    /// <param name="input">Feature maps, <c>[N, C, H, W]</c>.</param>
    /// <exception cref="ArgumentException">Another rank, or a feature map smaller than a square.</exception>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.ndim != 4)
        {
            throw new ArgumentException($"DropBlock takes [N, C, H, W], and the input is {Text(input.shape)}.", nameof(input));
        }

        var (height, width) = (input.size(2), input.size(3));
        if (BlockSize > height || BlockSize > width)
        {
            throw new ArgumentException($"A square of {BlockSize} × {BlockSize} does not fit into a feature map of {height} × {width}: "
                + $"choose a smaller block size for the input {Text(input.shape)}.", nameof(input));
        }

        if (Rate == 0 || !training)
        {
            return input.alias();
        }

        using var mask = Mask(input, height, width);
        return input.mul(mask);
    }

    private Tensor Mask(Tensor input, long height, long width)
    {
        var (rows, columns) = (height - BlockSize + 1, width - BlockSize + 1);
        var probability = Math.Min(1, Rate * height * width / ((double)BlockSize * BlockSize * rows * columns));

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var seeds = empty(input.size(0), input.size(1), rows, columns, input.dtype, input.device).bernoulli_(probability);
        var margin = (long)BlockSize - 1;
        var padded = nn.functional.pad(seeds, (margin, margin, margin, margin));
        var kept = nn.functional.max_pool2d(padded, BlockSize, stride: 1).neg_().add_(Scalars.One, Scalars.One);
        var count = kept.sum().clamp_min_(Scalars.One);
        using var all = kept.numel().ToScalar();
        return kept.mul_(full_like(count, all).div_(count)).MoveToOuterDisposeScope();
    }
}
