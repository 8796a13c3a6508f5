using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Activations;

/// <summary>What several activations are made of.</summary>
internal static class Bounds
{
    /// <summary>1 between two bounds, 0 on and beyond them. Not-a-number is not beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Inside<TLanes>(TLanes x, TLanes lower, TLanes upper)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.Select(TLanes.LessOrEqual(x, lower) | TLanes.LessOrEqual(upper, x), TLanes.All(0f), TLanes.All(1f));

    /// <summary>tanh(log(1 + eˣ)) = w / (w + 2) with w = eˣ · (eˣ + 2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes TanhOfSoftplus<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        // From 20 on it is 1 in float, and the square of the exponential must not overflow.
        var e = Elementary.Exp(TLanes.AtMost(x, TLanes.All(20f)));
        var w = e * (e + TLanes.All(2f));
        return w / (w + TLanes.All(2f));
    }
}
