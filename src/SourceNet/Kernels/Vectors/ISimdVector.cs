namespace SourceNet.Kernels.Vectors;

/// <summary>
/// Several floats side by side, as many as a register of the machine holds. Kernels are written once over this interface, and the compiler makes a loop of each
/// width;
/// a wrapper of one vector costs nothing of note against the bare vector.
/// </summary>
/// <remarks>
/// A comparison yields lanes whose bits are all set where it holds and all clear elsewhere. The members named for bits take the lanes for 32-bit patterns,
/// whatever number they would be.
/// </remarks>
internal unsafe interface ISimdVector<TSelf>
    where TSelf : struct, ISimdVector<TSelf>
{
    /// <summary>How many floats.</summary>
    static abstract int Count { get; }

    static abstract TSelf Load(float* source);

    /// <summary>The first floats, and 0 in the lanes after them. Nothing after them is read.</summary>
    /// <param name="source">Where they lie.</param>
    /// <param name="count">How many, at least 0 and below <see cref="Count"/>.</param>
    static abstract TSelf LoadPartial(float* source, int count);

    /// <summary>The same number in each lane.</summary>
    static abstract TSelf Broadcast(float value);

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
    static abstract TSelf ConditionalSelect(TSelf condition, TSelf yes, TSelf no);

    /// <summary>a · b + c, rounded once where the machine can.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Sqrt(TSelf value);

    /// <summary>1/x for 1 ≤ x, infinity and not-a-number included, within two units in the last place. Above 10³⁸ it may have 14 bits, or be 0.</summary>
    static abstract TSelf Reciprocal(TSelf value);

    /// <summary>sign(x) · max(|x| − threshold, 0). Not-a-number stays.</summary>
    static abstract TSelf SoftThreshold(TSelf value, TSelf threshold);

    /// <summary>max(x, floor). Not-a-number stays.</summary>
    static abstract TSelf Max(TSelf value, TSelf floor);

    /// <summary>min(x, ceiling). Not-a-number stays.</summary>
    static abstract TSelf Min(TSelf value, TSelf ceiling);

    /// <summary>value · 2ᵖᵒʷᵉʳ for whole powers from −252 to 254, denormal results and overflow included.</summary>
    static abstract TSelf ScaleB(TSelf value, TSelf power);

    /// <summary>The same pattern in each lane.</summary>
    static abstract TSelf BroadcastBits(uint pattern);

    /// <summary>The patterns 0, 1, 2, …</summary>
    static abstract TSelf Indices { get; }

    /// <summary>The sum of two patterns, modulo 2³².</summary>
    static abstract TSelf AddBits(TSelf left, TSelf right);

    /// <summary>The product of two patterns, modulo 2³².</summary>
    static abstract TSelf MultiplyBits(TSelf left, TSelf right);

    static abstract TSelf ShiftBitsLeft(TSelf bits, int places);

    static abstract TSelf ShiftBitsRight(TSelf bits, int places);

    /// <summary>Whether a pattern is less than another, both with a sign.</summary>
    static abstract TSelf LessThanBits(TSelf left, TSelf right);

    /// <summary>Σ x² of floats in memory, in double precision: it costs nothing beside reading them, and neither overflows nor loses small ones.</summary>
    static abstract double SquaredSum(float* source, long count);

    /// <summary>The first lane.</summary>
    float FirstLane { get; }

    /// <summary>The sum over all lanes.</summary>
    float Sum();

    /// <summary>The sum over all lanes of two vectors, in double precision.</summary>
    static abstract double SumInDouble(TSelf first, TSelf second);

    /// <summary>The largest of all lanes. Undefined if one is not a number.</summary>
    float LargestLane();

    void Store(float* target);

    /// <summary>Stores the first lanes only. Nothing after them is written.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="count">How many, at least 0 and below <see cref="Count"/>.</param>
    void StorePartial(float* target, int count);
}
