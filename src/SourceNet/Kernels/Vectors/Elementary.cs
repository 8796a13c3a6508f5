using System.Runtime.CompilerServices;

namespace SourceNet.Kernels.Vectors;

/// <summary>
/// The elementary functions that activations are made of, over lanes. Each is within a few units in the last place of float32 (the tests say how many);
/// infinities, signed zeros, denormal
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
    internal static TVector Negate<TVector>(TVector x) where TVector : struct, ISimdVector<TVector> => x ^ TVector.BroadcastBits(0x8000_0000);

    /// <summary>|x|</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Abs<TVector>(TVector x) where TVector : struct, ISimdVector<TVector> => x & TVector.BroadcastBits(0x7FFF_FFFF);

    /// <summary>eˣ</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Exp<TVector>(TVector x)
        where TVector : struct, ISimdVector<TVector>
    {
        x = TVector.Min(TVector.Max(x, TVector.Broadcast(-104)), TVector.Broadcast(89));
        var power = TVector.MultiplyAdd(x, TVector.Broadcast(Log2OfE), TVector.Broadcast(Rounder)) - TVector.Broadcast(Rounder);
        var rest = Reduced(x, power);
        return TVector.ScaleB(ExpMinusOneOfReduced(rest) + TVector.Broadcast(1), power);
    }

    /// <summary>eˣ − 1 for x ≤ 88, precise also near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector ExpMinusOne<TVector>(TVector x)
        where TVector : struct, ISimdVector<TVector>
    {
        var limited = TVector.Max(x, TVector.Broadcast(-30));
        var shifted = TVector.MultiplyAdd(limited, TVector.Broadcast(Log2OfE), TVector.Broadcast(Rounder));
        var rest = Reduced(limited, shifted - TVector.Broadcast(Rounder));
        var scale = PowerOfTwo(shifted);
        return TVector.MultiplyAdd(ExpMinusOneOfReduced(rest), scale, scale - TVector.Broadcast(1));
    }

    /// <summary>log(1 + x) for 0 ≤ x ≤ 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector LogOfOnePlus<TVector>(TVector x)
        where TVector : struct, ISimdVector<TVector>
    {
        // Above √2 the logarithm of the half is taken. Both (1 + x)/2 − 1 and x are exact enough, so that nothing cancels.
        var isLarge = x > TVector.Broadcast(0.41421356f);
        var rest = TVector.ConditionalSelect(isLarge, (x - TVector.Broadcast(1)) * TVector.Broadcast(0.5f), x);
        var two = TVector.Broadcast(1) & isLarge;
        var square = rest * rest;
        var series = TVector.Broadcast(7.0376836292e-2f);
        series = TVector.MultiplyAdd(series, rest, TVector.Broadcast(-1.1514610310e-1f));
        series = TVector.MultiplyAdd(series, rest, TVector.Broadcast(1.1676998740e-1f));
        series = TVector.MultiplyAdd(series, rest, TVector.Broadcast(-1.2420140846e-1f));
        series = TVector.MultiplyAdd(series, rest, TVector.Broadcast(1.4249322787e-1f));
        series = TVector.MultiplyAdd(series, rest, TVector.Broadcast(-1.6668057665e-1f));
        series = TVector.MultiplyAdd(series, rest, TVector.Broadcast(2.0000714765e-1f));
        series = TVector.MultiplyAdd(series, rest, TVector.Broadcast(-2.4999993993e-1f));
        series = TVector.MultiplyAdd(series, rest, TVector.Broadcast(3.3333331174e-1f));
        var correction = TVector.MultiplyAdd(series * rest, square, two * TVector.Broadcast(Ln2Low));
        correction = TVector.MultiplyAdd(square, TVector.Broadcast(-0.5f), correction);
        return TVector.MultiplyAdd(two, TVector.Broadcast(Ln2High), rest + correction);
    }

    /// <summary>1 / (1 + e⁻ˣ)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Sigmoid<TVector>(TVector x)
        where TVector : struct, ISimdVector<TVector> => TVector.Reciprocal(TVector.Broadcast(1) + Exp(Negate(x)));

    /// <summary>tanh x = t / (t + 2) with t = e²ˣ − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Tanh<TVector>(TVector x)
        where TVector : struct, ISimdVector<TVector>
    {
        var sign = x & TVector.BroadcastBits(0x8000_0000);
        var size = TVector.Min(x ^ sign, TVector.Broadcast(20));
        var power = ExpMinusOne(size + size);
        return (power / (power + TVector.Broadcast(2))) | sign;
    }

    /// <summary>erf x, as an odd polynomial by an even one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Erf<TVector>(TVector x)
        where TVector : struct, ISimdVector<TVector>
    {
        // From here on the nearest float32 is 1.
        const float Last = 3.832506856900711f;
        x = TVector.Min(TVector.Max(x, TVector.Broadcast(-Last)), TVector.Broadcast(Last));
        var square = x * x;
        var odd = TVector.MultiplyAdd(square, TVector.Broadcast(0.00022905065861350646f), TVector.Broadcast(0.0034082910107109506f));
        odd = TVector.MultiplyAdd(odd, square, TVector.Broadcast(0.050955695062380861f));
        odd = TVector.MultiplyAdd(odd, square, TVector.Broadcast(0.18520832239976145f));
        odd = TVector.MultiplyAdd(odd, square, TVector.Broadcast(1.128379143519084f));
        var even = TVector.MultiplyAdd(square, TVector.Broadcast(-1.1791602954361697e-7f), TVector.Broadcast(0.000023547966471313185f));
        even = TVector.MultiplyAdd(even, square, TVector.Broadcast(0.0010179625278914885f));
        even = TVector.MultiplyAdd(even, square, TVector.Broadcast(0.014070470171167667f));
        even = TVector.MultiplyAdd(even, square, TVector.Broadcast(0.11098505178285362f));
        even = TVector.MultiplyAdd(even, square, TVector.Broadcast(0.49746925110067538f));
        even = TVector.MultiplyAdd(even, square, TVector.Broadcast(1));
        // Without fused multiplication the quotient may be rounded to more than 1.
        return TVector.Min(TVector.Max(x * odd / even, TVector.Broadcast(-1)), TVector.Broadcast(1));
    }

    /// <summary>value · 2ᵖᵒʷᵉʳ in two steps, because 2ᵖᵒʷᵉʳ itself may not be a float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector ScaleInHalves<TVector>(TVector value, TVector power)
        where TVector : struct, ISimdVector<TVector>
    {
        var half = TVector.MultiplyAdd(power, TVector.Broadcast(0.5f), TVector.Broadcast(Rounder));
        var otherHalf = power - (half - TVector.Broadcast(Rounder)) + TVector.Broadcast(Rounder);
        return value * PowerOfTwo(half) * PowerOfTwo(otherHalf);
    }

    /// <summary>2ⁿ for n from −126 to 127.</summary>
    /// <param name="shifted">n + <see cref="Rounder"/>, whose lowest bits are n.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector PowerOfTwo<TVector>(TVector shifted)
        where TVector : struct, ISimdVector<TVector> => TVector.AddBits(TVector.ShiftBitsLeft(shifted, 23), TVector.Broadcast(1));

    /// <summary>x − power · ln 2</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Reduced<TVector>(TVector x, TVector power)
        where TVector : struct, ISimdVector<TVector> =>
        TVector.MultiplyAdd(power, TVector.Broadcast(-Ln2Low), TVector.MultiplyAdd(power, TVector.Broadcast(-Ln2High), x));

    /// <summary>eˣ − 1 for |x| ≤ ln(2)/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExpMinusOneOfReduced<TVector>(TVector x)
        where TVector : struct, ISimdVector<TVector>
    {
        var series = TVector.Broadcast(1.9875691500e-4f);
        series = TVector.MultiplyAdd(series, x, TVector.Broadcast(1.3981999507e-3f));
        series = TVector.MultiplyAdd(series, x, TVector.Broadcast(8.3334519073e-3f));
        series = TVector.MultiplyAdd(series, x, TVector.Broadcast(4.1665795894e-2f));
        series = TVector.MultiplyAdd(series, x, TVector.Broadcast(1.6666665459e-1f));
        series = TVector.MultiplyAdd(series, x, TVector.Broadcast(5.0000001201e-1f));
        return TVector.MultiplyAdd(series, x * x, x);
    }
}
