using SourceNet.Kernels.Masks;

namespace SourceNet.Kernels.Elements;

/// <summary>Where a kernel over single elements reads and writes; all tensors have as many elements.</summary>
internal unsafe struct ElementPlace
{
    /// <summary>So many elements make a chunk.</summary>
    internal const int Grain = 16384;

    internal float* Input;

    /// <summary>A second input: the gradient in a backward pass. Null where there is none.</summary>
    internal float* Second;

    internal float* Output;
    internal long Count;
    internal KeepMask Mask;

    internal readonly int Chunks => (int)((Count + Grain - 1) / Grain);
}
