using SourceNet.Kernels.Vectors;

namespace SourceNet.Tests.Kernels.Vectors;

/// <summary>How many floats the vectors of kernels hold that the calling thread starts, until disposed.</summary>
internal sealed class VectorWidth : IDisposable
{
    /// <summary>Every width that the machine has. A wider vector would be taken apart through memory, which no kernel does and which takes minutes.</summary>
    internal static readonly int[] All = [.. new[] { 4, 8, 16 }.Where(width => width <= SimdWidth.Count)];

    internal VectorWidth(int count) => SimdWidth.Limit(count);

    public void Dispose() => SimdWidth.Limit(0);
}
