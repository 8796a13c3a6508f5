namespace SourceNet.Kernels.Vectors;

/// <summary>
/// Several floats side by side, as many as a register of the machine holds. Kernels are written once over this interface, and the compiler makes a loop of each width;
/// a wrapper of one vector costs nothing of note against the bare vector.
/// </summary>
/// <remarks>
/// A comparison yields lanes whose bits are all set where it holds and all clear elsewhere. The members named for bits take the lanes for 32-bit patterns, whatever number they would be.
/// </remarks>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>How many floats.</summary>
    static abstract int Count { get; }

    static abstract TSelf Load(float* source);

    /// <summary>The first floats, and 0 in the lanes after them. Nothing after them is read.</summary>
    /// <param name="source">Where they lie.</param>
    /// <param name="count">How many, at least 0 and below <see cref="Count"/>.</param>
    static abstract TSelf LoadPart(float* source, int count);

    /// <summary>The same number in each lane.</summary>
    static abstract TSelf All(float value);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    static abstract TSelf operator &(TSelf left, TSelf right);

    static abstract TSelf operator |(TSelf left, TSelf right);

    static abstract TSelf operator ^(TSelf left, TSelf right);

    static abstract TSelf operator >(TSelf left, TSelf right);

    static abstract TSelf operator <(TSelf left, TSelf right);

    static abstract TSelf operator >=(TSelf left, TSelf right);

    static abstract TSelf operator <=(TSelf left, TSelf right);

    /// <summary>One of two lanes, by a comparison.</summary>
    static abstract TSelf Select(TSelf condition, TSelf yes, TSelf no);

    /// <summary>a · b + c, rounded once where the machine can.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Sqrt(TSelf value);

    /// <summary>1/x for 1 ≤ x, infinity and not-a-number included, within two units in the last place. Above 10³⁸ it may have 14 bits, or be 0.</summary>
    static abstract TSelf Inverse(TSelf value);

    /// <summary>sign(x) · max(|x| − threshold, 0). Not-a-number stays.</summary>
    static abstract TSelf Shrink(TSelf value, TSelf threshold);

    /// <summary>max(x, floor). Not-a-number stays.</summary>
    static abstract TSelf AtLeast(TSelf value, TSelf floor);

    /// <summary>min(x, ceiling). Not-a-number stays.</summary>
    static abstract TSelf AtMost(TSelf value, TSelf ceiling);

    /// <summary>value · 2ᵖᵒʷᵉʳ for whole powers from −252 to 254, denormal results and overflow included.</summary>
    static abstract TSelf Scale(TSelf value, TSelf power);

    /// <summary>The same pattern in each lane.</summary>
    static abstract TSelf AllBits(uint pattern);

    /// <summary>The patterns 0, 1, 2, …</summary>
    static abstract TSelf CountingBits { get; }

    /// <summary>The sum of two patterns, modulo 2³².</summary>
    static abstract TSelf AddBits(TSelf left, TSelf right);

    /// <summary>The product of two patterns, modulo 2³².</summary>
    static abstract TSelf MultiplyBits(TSelf left, TSelf right);

    static abstract TSelf ShiftBitsLeft(TSelf bits, int places);

    static abstract TSelf ShiftBitsRight(TSelf bits, int places);

    /// <summary>Whether a pattern is less than another, both with a sign.</summary>
    static abstract TSelf LessBits(TSelf left, TSelf right);

    /// <summary>The first lane.</summary>
    float First { get; }

    /// <summary>The sum over all lanes.</summary>
    float Sum();

    /// <summary>The largest of all lanes. Undefined if one is not a number.</summary>
    float Max();

    void Store(float* target);

    /// <summary>Stores the first lanes only. Nothing after them is written.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="count">How many, at least 0 and below <see cref="Count"/>.</param>
    void StorePart(float* target, int count);
}
