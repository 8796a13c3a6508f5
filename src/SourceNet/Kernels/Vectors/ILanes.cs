namespace SourceNet.Kernels.Vectors;

/// <summary>
/// Several floats side by side, as many as a register of the machine holds. Kernels are written once over this interface, and the compiler makes a loop of each width;
/// a wrapper of one vector costs nothing of note against the bare vector.
/// </summary>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>How many floats.</summary>
    static abstract int Count { get; }

    static abstract TSelf Load(float* source);

    /// <summary>The same number in each lane.</summary>
    static abstract TSelf All(float value);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>a · b + c, rounded once where the machine can.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Sqrt(TSelf value);

    /// <summary>sign(x) · max(|x| − threshold, 0). Not-a-number stays.</summary>
    static abstract TSelf Shrink(TSelf value, TSelf threshold);

    /// <summary>max(x, floor). Not-a-number stays.</summary>
    static abstract TSelf AtLeast(TSelf value, TSelf floor);

    void Store(float* target);
}
