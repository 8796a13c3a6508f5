using System.Runtime.CompilerServices;

namespace SourceNet.Kernels.Vectors;

/// <summary>
/// The elementary functions that activations are made of, over lanes. Each is within a few units in the last place of float32 (the tests say how many); infinities, signed zeros, denormal
/// numbers and not-a-number come out as in libtorch.
/// </summary>
internal static class Elementary
{
    /// <summary>1.5 · 2²³: a float32 of moderate size plus this has no fraction, and its lowest bits are the rounded number.</summary>
    private const float Rounder = 12582912f;

    private const float Log2OfE = 1.44269504088896341f;

    // ln 2 in two parts. The first has few bits, so that its product with a whole number below 2¹⁴ is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>−x</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Negate<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => x ^ TLanes.AllBits(0x8000_0000);

    /// <summary>|x|</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Abs<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => x & TLanes.AllBits(0x7FFF_FFFF);

    /// <summary>eˣ</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Exp<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        x = TLanes.AtMost(TLanes.AtLeast(x, TLanes.All(-104)), TLanes.All(89));
        var power = TLanes.MultiplyAdd(x, TLanes.All(Log2OfE), TLanes.All(Rounder)) - TLanes.All(Rounder);
        var rest = Reduced(x, power);
        return TLanes.Scale(ExpMinusOneOfReduced(rest) + TLanes.All(1), power);
    }

    /// <summary>eˣ − 1 for x ≤ 88, precise also near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes ExpMinusOne<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        var limited = TLanes.AtLeast(x, TLanes.All(-30));
        var shifted = TLanes.MultiplyAdd(limited, TLanes.All(Log2OfE), TLanes.All(Rounder));
        var rest = Reduced(limited, shifted - TLanes.All(Rounder));
        var scale = PowerOfTwo(shifted);
        return TLanes.MultiplyAdd(ExpMinusOneOfReduced(rest), scale, scale - TLanes.All(1));
    }

    /// <summary>log(1 + x) for 0 ≤ x ≤ 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes LogOfOnePlus<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        // Above √2 the logarithm of the half is taken. Both (1 + x)/2 − 1 and x are exact enough, so that nothing cancels.
        var isLarge = x > TLanes.All(0.41421356f);
        var rest = TLanes.Select(isLarge, (x - TLanes.All(1)) * TLanes.All(0.5f), x);
        var two = TLanes.All(1) & isLarge;
        var square = rest * rest;
        var series = TLanes.All(7.0376836292e-2f);
        series = TLanes.MultiplyAdd(series, rest, TLanes.All(-1.1514610310e-1f));
        series = TLanes.MultiplyAdd(series, rest, TLanes.All(1.1676998740e-1f));
        series = TLanes.MultiplyAdd(series, rest, TLanes.All(-1.2420140846e-1f));
        series = TLanes.MultiplyAdd(series, rest, TLanes.All(1.4249322787e-1f));
        series = TLanes.MultiplyAdd(series, rest, TLanes.All(-1.6668057665e-1f));
        series = TLanes.MultiplyAdd(series, rest, TLanes.All(2.0000714765e-1f));
        series = TLanes.MultiplyAdd(series, rest, TLanes.All(-2.4999993993e-1f));
        series = TLanes.MultiplyAdd(series, rest, TLanes.All(3.3333331174e-1f));
        var correction = TLanes.MultiplyAdd(series * rest, square, two * TLanes.All(Ln2Low));
        correction = TLanes.MultiplyAdd(square, TLanes.All(-0.5f), correction);
        return TLanes.MultiplyAdd(two, TLanes.All(Ln2High), rest + correction);
    }

    /// <summary>1 / (1 + e⁻ˣ)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Sigmoid<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes> => TLanes.Inverse(TLanes.All(1) + Exp(Negate(x)));

    /// <summary>tanh x = t / (t + 2) with t = e²ˣ − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Tanh<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        var sign = x & TLanes.AllBits(0x8000_0000);
        var size = TLanes.AtMost(x ^ sign, TLanes.All(20));
        var power = ExpMinusOne(size + size);
        return (power / (power + TLanes.All(2))) | sign;
    }

    /// <summary>erf x, as an odd polynomial by an even one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Erf<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        // From here on the nearest float32 is 1.
        const float Last = 3.832506856900711f;
        x = TLanes.AtMost(TLanes.AtLeast(x, TLanes.All(-Last)), TLanes.All(Last));
        var square = x * x;
        var odd = TLanes.MultiplyAdd(square, TLanes.All(0.00022905065861350646f), TLanes.All(0.0034082910107109506f));
        odd = TLanes.MultiplyAdd(odd, square, TLanes.All(0.050955695062380861f));
        odd = TLanes.MultiplyAdd(odd, square, TLanes.All(0.18520832239976145f));
        odd = TLanes.MultiplyAdd(odd, square, TLanes.All(1.128379143519084f));
        var even = TLanes.MultiplyAdd(square, TLanes.All(-1.1791602954361697e-7f), TLanes.All(0.000023547966471313185f));
        even = TLanes.MultiplyAdd(even, square, TLanes.All(0.0010179625278914885f));
        even = TLanes.MultiplyAdd(even, square, TLanes.All(0.014070470171167667f));
        even = TLanes.MultiplyAdd(even, square, TLanes.All(0.11098505178285362f));
        even = TLanes.MultiplyAdd(even, square, TLanes.All(0.49746925110067538f));
        even = TLanes.MultiplyAdd(even, square, TLanes.All(1));
        // Without fused multiplication the quotient may be rounded to more than 1.
        return TLanes.AtMost(TLanes.AtLeast(x * odd / even, TLanes.All(-1)), TLanes.All(1));
    }

    /// <summary>value · 2ᵖᵒʷᵉʳ in two steps, because 2ᵖᵒʷᵉʳ itself may not be a float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes ScaleInHalves<TLanes>(TLanes value, TLanes power)
        where TLanes : struct, ILanes<TLanes>
    {
        var half = TLanes.MultiplyAdd(power, TLanes.All(0.5f), TLanes.All(Rounder));
        var otherHalf = power - (half - TLanes.All(Rounder)) + TLanes.All(Rounder);
        return value * PowerOfTwo(half) * PowerOfTwo(otherHalf);
    }

    /// <summary>2ⁿ for n from −126 to 127.</summary>
    /// <param name="shifted">n + <see cref="Rounder"/>, whose lowest bits are n.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes PowerOfTwo<TLanes>(TLanes shifted)
        where TLanes : struct, ILanes<TLanes> => TLanes.AddBits(TLanes.ShiftBitsLeft(shifted, 23), TLanes.All(1));

    /// <summary>x − power · ln 2</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Reduced<TLanes>(TLanes x, TLanes power)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.MultiplyAdd(power, TLanes.All(-Ln2Low), TLanes.MultiplyAdd(power, TLanes.All(-Ln2High), x));

    /// <summary>eˣ − 1 for |x| ≤ ln(2)/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes ExpMinusOneOfReduced<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        var series = TLanes.All(1.9875691500e-4f);
        series = TLanes.MultiplyAdd(series, x, TLanes.All(1.3981999507e-3f));
        series = TLanes.MultiplyAdd(series, x, TLanes.All(8.3334519073e-3f));
        series = TLanes.MultiplyAdd(series, x, TLanes.All(4.1665795894e-2f));
        series = TLanes.MultiplyAdd(series, x, TLanes.All(1.6666665459e-1f));
        series = TLanes.MultiplyAdd(series, x, TLanes.All(5.0000001201e-1f));
        return TLanes.MultiplyAdd(series, x * x, x);
    }
}
