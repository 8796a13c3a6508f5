using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>
/// The L2 norm by <c>linalg.norm</c>: <c>linalg.vector_norm</c> makes a <see cref="Scalar"/> of its own, which nothing keeps alive during the native call (see
/// <see cref="Scalars"/>).
/// </summary>
internal static class L2Norm
{
    /// <summary>Of all elements: a scalar.</summary>
    internal static Tensor Of(Tensor x) => linalg.norm(x);

    /// <summary>Over some axes, at least one, which stay with size 1.</summary>
    internal static Tensor Over(Tensor x, IEnumerable<long> axes)
    {
        // Two axes at most in one call; the norm of norms is the norm over the rest.
        var steps = axes.Chunk(2).ToArray();
        var norms = linalg.norm(x, steps[0], keepdim: true);
        foreach (var step in steps.AsSpan(1))
        {
            using var inner = norms;
            norms = linalg.norm(inner, step, keepdim: true);
        }

        return norms;
    }
}
