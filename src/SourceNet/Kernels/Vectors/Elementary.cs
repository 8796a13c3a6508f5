using System.Runtime.CompilerServices;

namespace SourceNet.Kernels.Vectors;

/// <summary>Elementary functions over lanes, to a few units in the last place. Not-a-number stays, infinities have their limits, results below the normal numbers may become 0.</summary>
/// <remarks>Polynomials of <c>Exp</c>, <c>Log</c> and <c>Tanh</c> after Moshier's Cephes; the fraction of <c>Erf</c> is the one of XLA.</remarks>
internal static class Elementary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Exp<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        // Beyond it, the result overflows to infinity and vanishes to 0 by itself.
        var bounded = TLanes.AtMost(TLanes.AtLeast(x, TLanes.All(-105f)), TLanes.All(90f));
        var n = TLanes.Round(bounded * TLanes.All(1.44269504f));
        var r = TLanes.MultiplyAdd(n, TLanes.All(-0.693359375f), bounded);
        r = TLanes.MultiplyAdd(n, TLanes.All(2.12194440e-4f), r);
        var p = TLanes.MultiplyAdd(ExpTail(r), r * r, r + TLanes.All(1f));
        return TLanes.Scale(p, n);
    }

    /// <summary>eˣ − 1 for x up to 0, exact near 0 too; above 0 something finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes ExpMinusOne<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        // Below −20 it is −1 in float.
        var bounded = TLanes.AtMost(TLanes.AtLeast(x, TLanes.All(-20f)), TLanes.All(1f));
        var n = TLanes.Round(bounded * TLanes.All(1.44269504f));
        var r = TLanes.MultiplyAdd(n, TLanes.All(-0.693359375f), bounded);
        r = TLanes.MultiplyAdd(n, TLanes.All(2.12194440e-4f), r);
        var power = TLanes.Scale(TLanes.All(1f), n);
        return TLanes.MultiplyAdd(power, TLanes.MultiplyAdd(ExpTail(r), r * r, r), power - TLanes.All(1f));
    }

    /// <summary>(eʳ − 1 − r) / r² for |r| up to ½ log 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes ExpTail<TLanes>(TLanes r)
        where TLanes : struct, ILanes<TLanes>
    {
        var p = TLanes.MultiplyAdd(TLanes.All(1.9875691500e-4f), r, TLanes.All(1.3981999507e-3f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(8.3334519073e-3f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(4.1665795894e-2f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(1.6666665459e-1f));
        return TLanes.MultiplyAdd(p, r, TLanes.All(5.0000001201e-1f));
    }

    /// <summary>The natural logarithm; −∞ of 0, not-a-number below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Log<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        // Numbers below the normal ones have an exponent of their own.
        var small = TLanes.Less(x, TLanes.All(1.17549435e-38f));
        var normal = TLanes.Select(small, x * TLanes.All(8388608f), x);
        var e = TLanes.Exponent(normal) - (small & TLanes.All(23f));
        var m = TLanes.Mantissa(normal);
        // m in [√½, √2), where log(m) is small.
        var large = TLanes.Less(TLanes.All(1.41421356f), m);
        m = TLanes.Select(large, m * TLanes.All(0.5f), m);
        e += large & TLanes.All(1f);
        var r = m - TLanes.All(1f);
        var square = r * r;
        var p = TLanes.MultiplyAdd(TLanes.All(7.0376836292e-2f), r, TLanes.All(-1.1514610310e-1f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(1.1676998740e-1f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(-1.2420140846e-1f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(1.4249322787e-1f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(-1.6668057665e-1f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(2.0000714765e-1f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(-2.4999993993e-1f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(3.3333331174e-1f));
        var tail = TLanes.MultiplyAdd(e, TLanes.All(-2.12194440e-4f), p * square * r);
        tail = TLanes.MultiplyAdd(square, TLanes.All(-0.5f), tail);
        var result = TLanes.MultiplyAdd(e, TLanes.All(0.693359375f), r + tail);
        // What the bits of these do not show: infinity and not-a-number stay, 0 has −∞, and less has nothing.
        var finite = TLanes.Less(x, TLanes.All(float.PositiveInfinity));
        result = TLanes.Select(finite, result, x);
        result = TLanes.Select(TLanes.LessOrEqual(x, TLanes.All(0f)), TLanes.All(float.NegativeInfinity), result);
        return TLanes.Select(TLanes.Less(x, TLanes.All(0f)), TLanes.All(float.NaN), result);
    }

    /// <summary>log(1 + x) for x from 0 to 1, exact for small x too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes LogOnePlus<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        var sum = TLanes.All(1f) + x;
        var lost = x - (sum - TLanes.All(1f));
        return Log(sum) + (lost / sum);
    }

    /// <summary>1 / (1 + e⁻ˣ)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Sigmoid<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.All(1f) / (TLanes.All(1f) + Exp(TLanes.All(0f) - x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Tanh<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        var size = TLanes.Abs(x);
        var square = x * x;
        var p = TLanes.MultiplyAdd(TLanes.All(-5.70498872745e-3f), square, TLanes.All(2.06390887954e-2f));
        p = TLanes.MultiplyAdd(p, square, TLanes.All(-5.37397155531e-2f));
        p = TLanes.MultiplyAdd(p, square, TLanes.All(1.33314422036e-1f));
        p = TLanes.MultiplyAdd(p, square, TLanes.All(-3.33332819422e-1f));
        var near = TLanes.MultiplyAdd(p * square, x, x);
        // From 9 on it is 1 in float; without the bound the exponential would overflow, which does no harm, but costs.
        var far = TLanes.All(1f) - (TLanes.All(2f) / (Exp(size + size) + TLanes.All(1f)));
        return TLanes.Select(TLanes.Less(size, TLanes.All(0.625f)), near, far | TLanes.SignOf(x));
    }

    /// <summary>2 / √π · ∫₀ˣ e^(−t²) dt</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Erf<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        var bounded = TLanes.AtMost(TLanes.AtLeast(x, TLanes.All(-3.75f)), TLanes.All(3.75f));
        var square = bounded * bounded;
        var p = TLanes.MultiplyAdd(TLanes.All(0.00022905065861350646f), square, TLanes.All(0.0034082910107109506f));
        p = TLanes.MultiplyAdd(p, square, TLanes.All(0.050955695062380861f));
        p = TLanes.MultiplyAdd(p, square, TLanes.All(0.18520832239976145f));
        p = TLanes.MultiplyAdd(p, square, TLanes.All(1.128379143519084f));
        var q = TLanes.MultiplyAdd(TLanes.All(-1.1791602954361697e-7f), square, TLanes.All(0.000023547966471313185f));
        q = TLanes.MultiplyAdd(q, square, TLanes.All(0.0010179625278914885f));
        q = TLanes.MultiplyAdd(q, square, TLanes.All(0.014070470171167667f));
        q = TLanes.MultiplyAdd(q, square, TLanes.All(0.11098505178285362f));
        q = TLanes.MultiplyAdd(q, square, TLanes.All(0.49746925110067538f));
        q = TLanes.MultiplyAdd(q, square, TLanes.All(1f));
        // From there on it is 1 in float, and exactly so: GELU multiplies what is left of 1 with x.
        var inside = TLanes.AtMost(TLanes.AtLeast(bounded * p / q, TLanes.All(-1f)), TLanes.All(1f));
        return TLanes.Select(TLanes.Less(TLanes.All(3.74f), TLanes.Abs(x)), TLanes.All(1f) | TLanes.SignOf(x), inside);
    }
}
