using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>Feature maps that become larger and smaller without weights.</summary>
[Model, Input(8, 3, 5)]
public sealed partial class LargerMaps(int scale = 2)
{
    [Input(8, 3, 5), Upsample(nameof(scale))]
    private partial Tensor Nearest(Tensor x);

    [Input(8, 3, 5), Upsample(2, Kind = UpsampleKind.Linear)]
    private partial Tensor Bilinear(Tensor x);

    [Input(8, 3, 5), Upsample(2, Kind = UpsampleKind.Linear, AlignCorners = true)]
    private partial Tensor Aligned(Tensor x);

    [Input(8, 3, 5), Upsample(3, Kind = UpsampleKind.Cubic)]
    private partial Tensor Bicubic(Tensor x);

    [Input(8, 5), Upsample(2, Kind = UpsampleKind.Linear)]
    private partial Tensor Linear(Tensor x);

    [Input(2, 3, 4, 5), Upsample(2, Kind = UpsampleKind.Linear)]
    private partial Tensor Trilinear(Tensor x);

    [Input(8, 3, 5), PixelShuffle(2)]
    private partial Tensor Shuffle(Tensor x);

    [Input(2, 6, 10), PixelUnshuffle(2)]
    private partial Tensor Unshuffle(Tensor x);

    public override Tensor forward(Tensor input) => Unshuffle(Shuffle(input));

    /// <summary>What each block makes.</summary>
    internal Tensor Make(string block, Tensor x) => block switch
    {
        nameof(Nearest) => Nearest(x),
        nameof(Bilinear) => Bilinear(x),
        nameof(Aligned) => Aligned(x),
        nameof(Bicubic) => Bicubic(x),
        nameof(Linear) => Linear(x),
        nameof(Trilinear) => Trilinear(x),
        _ => Shuffle(x),
    };
}

public class LargerMapsTests
{
    [Fact]
    public void The_nearest_cell_is_repeated()
    {
        using var scope = NewDisposeScope();
        using var model = new LargerMaps(3);
        var x = randn(2, 8, 3, 5);

        Assert.True(model.Make("Nearest", x).allclose(x.repeat_interleave(3, 2).repeat_interleave(3, 3), rtol: 0, atol: 0));
    }

    [Theory]
    [InlineData("Linear", false)]
    [InlineData("Bilinear", false)]
    [InlineData("Aligned", true)]
    [InlineData("Trilinear", false)]
    public void Linear_cells_lie_between_the_old_ones_along_each_axis(string block, bool alignCorners)
    {
        using var scope = NewDisposeScope();
        using var model = new LargerMaps();
        var x = block == "Linear" ? randn(2, 8, 5) : block == "Trilinear" ? randn([2, 2, 3, 4, 5]) : randn(2, 8, 3, 5);
        var expected = x;
        for (var axis = 2; axis < x.ndim; axis++)
        {
            expected = Between(expected, axis, alignCorners);
        }

        Assert.True(model.Make(block, x).allclose(expected, atol: 1e-5));
    }

    [Fact]
    public void Cubic_cells_keep_a_plane()
    {
        using var scope = NewDisposeScope();
        using var model = new LargerMaps();
        var output = model.Make("Bicubic", full([1, 8, 3, 5], 2.5f));

        Assert.Equal([1, 8, 9, 15], output.shape);
        Assert.True(output.allclose(full([1, 8, 9, 15], 2.5f), atol: 1e-5));
    }

    [Fact]
    public void Channels_become_cells_and_cells_channels()
    {
        using var scope = NewDisposeScope();
        using var model = new LargerMaps();
        var x = randn(2, 8, 3, 5);
        var y = model.Make("Shuffle", x);

        // y[c, 2h + i, 2w + j] = x[4c + 2i + j, h, w]
        Assert.True(y.allclose(x.view(2, 2, 2, 2, 3, 5).permute(0, 1, 4, 2, 5, 3).reshape(2, 2, 6, 10), rtol: 0, atol: 0));
        Assert.True(model.call(x).allclose(x, rtol: 0, atol: 0));
    }

    /// <summary>Twice as many cells along an axis, by the definition: old places of the new centers, clamped to the old map.</summary>
    private static Tensor Between(Tensor x, int axis, bool alignCorners)
    {
        var size = (int)x.size(axis);
        var cells = Enumerable.Range(0, 2 * size).Select(place =>
        {
            var old = Math.Clamp(alignCorners ? place * (size - 1.0) / ((2 * size) - 1) : ((place + 0.5) / 2) - 0.5, 0, size - 1);
            var (first, share) = ((int)old, old - (int)old);
            return (x.select(axis, first) * (1 - share)) + (x.select(axis, Math.Min(first + 1, size - 1)) * share);
        });
        return stack(cells.ToList(), axis);
    }
}
