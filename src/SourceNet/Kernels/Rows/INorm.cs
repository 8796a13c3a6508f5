namespace SourceNet.Kernels.Rows;

/// <summary>A norm over rows: known when a kernel is compiled.</summary>
internal interface INorm
{
    /// <summary>Whether it takes the mean away, and adds a shift.</summary>
    static abstract bool Centers { get; }
}

/// <summary><c>x / √(mean(x²) + eps) · weight</c></summary>
internal readonly struct RootMeanSquare : INorm
{
    public static bool Centers => false;
}

/// <summary><c>(x − mean(x)) / √(var(x) + eps) · weight + bias</c></summary>
internal readonly struct Standard : INorm
{
    public static bool Centers => true;
}
