namespace SourceNet.Training;

/// <summary>How many of some parameters are 0.</summary>
/// <param name="Parameters">How many there are.</param>
/// <param name="Zeros">How many are exactly 0.</param>
/// <param name="NearZeros">How many are below the threshold, the exact zeros among them.</param>
public readonly record struct ZeroCount(long Parameters, long Zeros, long NearZeros)
{
    /// <summary>The share of exact zeros, in [0, 1]; 0 of nothing.</summary>
    public double ZeroShare => Parameters == 0 ? 0 : (double)Zeros / Parameters;

    /// <summary>The share below the threshold, in [0, 1]; 0 of nothing.</summary>
    public double NearZeroShare => Parameters == 0 ? 0 : (double)NearZeros / Parameters;

    /// <summary>Both together.</summary>
    public static ZeroCount operator +(ZeroCount left, ZeroCount right) =>
        new(left.Parameters + right.Parameters, left.Zeros + right.Zeros, left.NearZeros + right.NearZeros);
}
