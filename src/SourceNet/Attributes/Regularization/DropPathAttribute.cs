namespace SourceNet;

/// <summary>
/// Stochastic depth: skips a residual block's body for a whole sample with probability p in train mode (Huang et al. 2016). Only in a <c>[Residual]</c>
/// block, after its last layer.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class DropPathAttribute : LayerAttribute
{
    /// <param name="rate">The probability, in [0, 1).</param>
    public DropPathAttribute(double rate) => Rate = rate;

    /// <param name="rate">The probability as an expression over constructor parameters and constants: <c>nameof(dropout)</c>.</param>
    public DropPathAttribute(string rate) => Rate = rate;

    /// <summary>The probability, in [0, 1): a <see cref="double"/> or an expression.</summary>
    public object Rate { get; }
}
