using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Elements;

/// <summary>What a kernel computes of each element.</summary>
internal interface IElementRule
{
    /// <param name="x">Lanes of the input.</param>
    /// <param name="second">Lanes of the second input, 0 without one.</param>
    TLanes Of<TLanes>(TLanes x, TLanes second)
        where TLanes : struct, ILanes<TLanes>;
}
