namespace SourceNet.Kernels.Vectors;

/// <summary>
/// Several floats side by side, as many as a register of the machine holds. Kernels are written once over this interface, and the compiler makes a loop of each width;
/// a wrapper of one vector costs nothing of note against the bare vector.
/// </summary>
/// <remarks>A mask is a vector whose lanes have either all bits set or none.</remarks>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>How many floats.</summary>
    static abstract int Count { get; }

    static abstract TSelf Load(float* source);

    /// <summary>The first <paramref name="count"/> lanes from memory, fewer than there are; 0 in the others.</summary>
    static abstract TSelf LoadFirst(float* source, int count);

    /// <summary>The same number in each lane.</summary>
    static abstract TSelf All(float value);

    /// <summary>A mask of the first <paramref name="count"/> lanes.</summary>
    static abstract TSelf First(int count);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>Bits that both have: of a number and a mask, the number or 0.</summary>
    static abstract TSelf operator &(TSelf left, TSelf right);

    static abstract TSelf operator |(TSelf left, TSelf right);

    /// <summary>a · b + c, rounded once where the machine can.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Sqrt(TSelf value);

    static abstract TSelf Abs(TSelf value);

    /// <summary>The sign bit alone.</summary>
    static abstract TSelf SignOf(TSelf value);

    /// <summary>A mask of the lanes where left &lt; right; not-a-number is neither.</summary>
    static abstract TSelf Less(TSelf left, TSelf right);

    static abstract TSelf LessOrEqual(TSelf left, TSelf right);

    /// <summary>One where the mask has bits, other elsewhere.</summary>
    static abstract TSelf Select(TSelf mask, TSelf one, TSelf other);

    /// <summary>The nearest integer, of numbers between −2²² and 2²².</summary>
    static abstract TSelf Round(TSelf value);

    /// <summary>x · 2ⁿ for integers n from −250 to 250: infinite or 0 where that is no float.</summary>
    static abstract TSelf Scale(TSelf value, TSelf exponent);

    /// <summary>The exponent e of a normal number x = m · 2ᵉ with m in [1, 2), as a number.</summary>
    static abstract TSelf Exponent(TSelf value);

    /// <summary>m of a normal number x = m · 2ᵉ with m in [1, 2).</summary>
    static abstract TSelf Mantissa(TSelf value);

    /// <summary>sign(x) · max(|x| − threshold, 0). Not-a-number stays.</summary>
    static abstract TSelf Shrink(TSelf value, TSelf threshold);

    /// <summary>max(x, floor). Not-a-number stays.</summary>
    static abstract TSelf AtLeast(TSelf value, TSelf floor);

    /// <summary>min(x, ceiling). Not-a-number stays.</summary>
    static abstract TSelf AtMost(TSelf value, TSelf ceiling);

    /// <summary>A mask of the elements that a dropout keeps: lane i is element <paramref name="index"/> + i of the draw. Each lane depends on its element alone, see <see cref="Masks.KeepMask"/>.</summary>
    static abstract TSelf Keep(in Masks.KeepMask mask, uint index);

    /// <summary>The sum of all lanes.</summary>
    static abstract float Sum(TSelf value);

    /// <summary>The largest lane; not-a-number if one is.</summary>
    static abstract float Largest(TSelf value);

    void Store(float* target);

    /// <summary>Writes the first <paramref name="count"/> lanes, fewer than there are.</summary>
    void StoreFirst(float* target, int count);
}
