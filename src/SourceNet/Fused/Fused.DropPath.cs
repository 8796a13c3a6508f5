using SourceNet.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet;

public static partial class Fused
{
    /// <summary>A residual sum whose body is skipped for whole samples: <c>x + dropPath(body)</c>. One operator of libtorch does both, on any device.</summary>
    /// <param name="x">What goes around the body, <c>[N, ...]</c>.</param>
    /// <param name="body">What is added, of the same shape.</param>
    /// <param name="dropPath">Drops samples while it is in train mode.</param>
    /// <returns>A new tensor of that shape.</returns>
    public static Tensor AddDropPath(Tensor x, Tensor body, DropPath dropPath)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(dropPath);
        if (!dropPath.training || dropPath.Rate == 0)
        {
            return x + body;
        }

        using var mask = dropPath.Mask(body);
        return addcmul(x, body, mask, Scalars.One);
    }
}
