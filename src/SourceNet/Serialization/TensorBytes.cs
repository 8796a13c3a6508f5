using static TorchSharp.torch;

namespace SourceNet;

/// <summary>The memory of a CPU tensor as bytes.</summary>
internal static class TensorBytes
{
    // A span holds at most 2 GB, a tensor can be larger. Small enough that a piece is still in the cache when it is checked and copied.
    private const long PieceElements = 1 << 20;

    internal delegate void Visitor(Span<byte> bytes);

    /// <summary>Shows the tensor's memory piece by piece in the order of its elements. It must be dense, contiguous and on the CPU.</summary>
    internal static void Visit(Tensor tensor, Visitor visitor)
    {
        using var flat = tensor.reshape(-1);
        for (long start = 0; start < flat.NumberOfElements; start += PieceElements)
        {
            using var piece = flat.narrow(0, start, Math.Min(PieceElements, flat.NumberOfElements - start));
            visitor(piece.bytes);
        }
    }
}
