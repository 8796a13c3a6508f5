using SourceNet.Kernels.Masks;

namespace SourceNet.Kernels.Rows;

/// <summary>Where a kernel over rows reads and writes. Tensors of rows are <c>[Rows, Width]</c>, statistics <c>[Rows]</c>, the rest <c>[Width]</c>.</summary>
internal unsafe struct RowPlace
{
    internal float* Input;

    /// <summary>What is added to the input before the norm; null for nothing.</summary>
    internal float* Residual;

    /// <summary>Where the sum of both goes; null without a residual.</summary>
    internal float* Sum;

    /// <summary>Never null: ones for a norm without a scale.</summary>
    internal float* Weight;

    /// <summary>Never null where the norm centers: zeros for a norm without a shift.</summary>
    internal float* Bias;

    internal float* Output;

    /// <summary>The mean of each row, where the norm centers.</summary>
    internal float* Mean;

    /// <summary>1 / √(... + eps) of each row.</summary>
    internal float* Inverse;

    internal long Rows;
    internal int Width;
    internal int RowsPerChunk;
    internal double Eps;
    internal KeepMask Mask;
}
